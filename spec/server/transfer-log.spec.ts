import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransferEnd } from '../../lib/server/session-events.ts';
import { TransferLog, xferlogLine } from '../../lib/server/transfer-log.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const end: TransferEnd = {
  session: { id: 1, remoteAddress: '192.0.2.7', remotePort: 4711 },
  user: 'steve',
  verb: 'RETR',
  argument: 'a file',
  cwd: '/in',
  type: 'I',
  bytes: 1024,
  tookMs: 1600,
  code: 226,
  text: 'Transfer complete',
};
const AT = Date.UTC(2026, 10, 1, 2, 3, 4);

describe('xferlogLine', () => {
  it('has the fields of xferlog(5)', () => {
    expect(xferlogLine(end, AT, true)).toBe(
      'Sun Nov  1 02:03:04 2026 2 192.0.2.7 1024 /in/a_file b _ o r steve ftp 0 * c',
    );
  });

  for (const [what, change, fields] of [
    ['an upload', { verb: 'STOR' }, 'b _ i r steve ftp 0 * c'],
    ['a text', { type: 'A' }, 'a _ o r steve ftp 0 * c'],
    ['one that was broken off', { code: 426 }, 'b _ o r steve ftp 0 * i'],
    ['a name with a line end', { argument: 'a\n\u2028b' }, 'b _ o r steve ftp 0 * c'],
  ] as const) {
    it(`tells ${what}`, () => {
      const line = xferlogLine({ ...end, ...change }, AT, true);
      expect(line).toMatch(new RegExp(` ${fields.replaceAll('*', '\\*')}$`));
      expect(line.split(' ').filter(Boolean).length).toBe(18);
    });
  }
});

describe('TransferLog', () => {
  const folder = temporaryFolder();

  it('adds a line for each file, and none for a listing', () => {
    const problems: string[] = [];
    const file = join(folder(), 'xferlog');
    const onProblem = (message: string) => problems.push(message);
    const log = new TransferLog({ file, isUtc: true, clock: new ManualClock(AT), onProblem });
    log.note(end);
    log.note({ ...end, verb: 'MLSD' });
    log.note({ ...end, verb: 'STOR' });
    expect(readFileSync(file, 'utf8').match(/ [io] r /g)).toEqual([' o r ', ' i r ']);
    expect(problems).toEqual([]);
  });

  it('tells once that it cannot be written', () => {
    const problems: string[] = [];
    const onProblem = (message: string) => problems.push(message);
    const log = new TransferLog({ file: folder(), isUtc: true, clock: new ManualClock(AT), onProblem });
    log.note(end);
    log.note(end);
    expect(problems).toEqual([jasmine.stringMatching(/cannot be written, lines are lost: the system says EISDIR/)]);
  });
});
