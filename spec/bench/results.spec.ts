import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../documents/pages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { currentBuild, Results } from './results.ts';

describe('the results of the benchmark', () => {
  const folder = temporaryFolder();
  const result = { id: 'S/vsftpd/0', at: '', samples: [], faults: [] };

  it('are there again when it goes on', () => {
    const file = join(folder(), 'below/results.json');
    new Results(file, 'one').add(result);
    expect(new Results(file, 'one').get('S/vsftpd/0')).toEqual(result);
    expect(new Results(file, 'one').get('S/proftpd/0')).toBeUndefined();
  });

  it('are not those of another build', () => {
    const file = join(folder(), 'results.json');
    new Results(file, 'one').add(result);
    expect(new Results(file, 'two').get('S/vsftpd/0')).toBeUndefined();
    expect(existsSync(file)).toBeTrue();
  });

  it('belong to the sources they were measured with', () => {
    expect(currentBuild(repository)).toMatch(/^[0-9a-f]{16}$/);
    expect(currentBuild(repository)).toBe(currentBuild(repository));
  });
});
