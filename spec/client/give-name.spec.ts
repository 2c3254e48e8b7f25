import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveName } from '../../lib/client/give-name.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('giveName', () => {
  const folder = temporaryFolder();
  const at = (name: string) => join(folder(), name);
  const give = () => giveName({ from: at('a.part'), to: at('a'), mtimeMs: undefined, replaces: false });

  it('leaves nothing under the name when it cannot be given', () => {
    expect(give).toThrowMatching(({ code }) => code === 'E_LOCAL_FILE');
    expect(existsSync(at('a'))).toBeFalse();
  });

  it('keeps what somebody else put there meanwhile', () => {
    writeFileSync(at('a.part'), 'ours');
    writeFileSync(at('a'), 'theirs');
    expect(give).toThrowMatching(({ code }) => code === 'E_OTHER_FILE');
    expect([readFileSync(at('a'), 'utf8'), readFileSync(at('a.part'), 'utf8')]).toEqual(['theirs', 'ours']);
  });

  it('keeps an empty file that was there when the name cannot be given', () => {
    writeFileSync(at('a'), '');
    expect(give).toThrowMatching(({ code }) => code === 'E_LOCAL_FILE');
    expect(existsSync(at('a'))).toBeTrue();
  });
});
