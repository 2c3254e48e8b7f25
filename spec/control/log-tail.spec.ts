import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logTail } from '../../lib/control/log-tail.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('logTail', () => {
  const folder = temporaryFolder();
  const day = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder(), `${name}.log`), lines.map((line) => `${line}\n`).join(''));

  it('gives the last lines, those of the days before as well, oldest first', async () => {
    day('20261121', ['a', 'b', 'c']);
    day('20261122', ['d', 'e']);
    writeFileSync(join(folder(), 'audit.log'), 'not the log\n');
    expect(await logTail(folder(), { lines: 4 })).toEqual(['b', 'c', 'd', 'e']);
    expect(await logTail(folder(), { lines: 100 })).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await logTail(folder(), { lines: 1 })).toEqual(['e']);
  });

  it('reads files that are longer than a piece, with lines over its edges and letters of several bytes', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `${at} ${'ä'.repeat(at % 17)}`);
    day('20261121', lines);
    expect(await logTail(folder(), { lines: 9_999 })).toEqual(lines.slice(-9_999));
    expect(await logTail(folder(), { lines: 20_000 })).toEqual(lines);
  });

  it('finds only lines with the name of the user, and no longer names', async () => {
    const mine = ['login anna', '"anna": put a.txt', 'anna.', 'anna'];
    day('20261121', ['joanna', 'anna-b', 'anna.b', 'anna@example', 'anna2', '_anna', ...mine]);
    expect(await logTail(folder(), { lines: 100, user: 'anna' })).toEqual(mine);
    expect(await logTail(folder(), { lines: 100, user: 'a.n+' })).toEqual([]);
  });

  it('leaves out a line that is longer than any of ours, and keeps what comes behind it', async () => {
    day('20261121', ['first', 'x'.repeat(3_000_000), 'last']);
    expect(await logTail(folder(), { lines: 1 })).toEqual(['last']);
    expect((await logTail(folder(), { lines: 10 })).filter((line) => line.length < 10)).toContain('last');
  });

  it('gives nothing where there is no log', async () => {
    expect(await logTail(join(folder(), 'none'), { lines: 5 })).toEqual([]);
    expect(await logTail(folder(), { lines: 5 })).toEqual([]);
    day('20261121', []);
    expect(await logTail(folder(), { lines: 5 })).toEqual([]);
  });
});
