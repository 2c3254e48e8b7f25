import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DayFiles, type DayFilesOptions } from '../../lib/server/day-files.ts';
import { OperationError } from '../../lib/server/operation-error.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A second before midnight, on the machine's own clock. */
const LATE = new Date(2026, 10, 20, 23, 59, 59).getTime();

describe('DayFiles', () => {
  const folder = temporaryFolder();
  let clock: ManualClock;
  let problems: string[];

  function open(options: Partial<DayFilesOptions> = {}, now = LATE): DayFiles {
    clock = new ManualClock(now);
    problems = [];
    const onProblem = (message: string) => problems.push(message);
    return new DayFiles({ folder: folder(), keepDays: 30, isUtc: false, clock, onProblem, ...options });
  }

  const contentOf = (name: string) => readFileSync(join(folder(), name), 'utf8');

  it('S5: begin another file after midnight, and lose no line', () => {
    const files = open();
    files.write('before');
    clock.advance(999);
    files.write('still before');
    clock.advance(1);
    files.write('after');
    files.close();
    expect(readdirSync(folder()).sort()).toEqual(['20261120.log', '20261121.log']);
    expect(contentOf('20261120.log')).toBe('before\nstill before\n');
    expect(contentOf('20261121.log')).toBe('after\n');
  });

  it('S5: have the days of UTC when that is asked for', () => {
    const files = open({ isUtc: true }, Date.UTC(2026, 1, 28, 23, 59, 59, 999));
    files.write('before');
    clock.advance(1);
    files.write('after');
    files.close();
    expect(contentOf('20260228.log')).toBe('before\n');
    expect(contentOf('20260301.log')).toBe('after\n');
  });

  it('S5: are kept for so many days, today included, and nothing else in the folder is touched', () => {
    const names = [
      '20261118.log',
      '20261119.log',
      '20261120.log',
      '20251231.log',
      'xferlog',
      '1.log',
      '20261118.log.gz',
    ];
    for (const name of names) writeFileSync(join(folder(), name), 'x');
    const files = open({ keepDays: 3 });
    clock.advance(1000);
    files.write('today');
    files.close();
    expect(readdirSync(folder()).sort()).toEqual(
      ['1.log', '20261118.log.gz', '20261119.log', '20261120.log', '20261121.log', 'xferlog'].sort(),
    );
  });

  it('go on with the file of the same day, after a start and after the clock was put back', () => {
    writeFileSync(join(folder(), '20261120.log'), 'earlier\n');
    const files = open();
    clock.advance(1000);
    files.write('after');
    clock.advance(-1000);
    files.write('before');
    files.close();
    expect(contentOf('20261120.log')).toBe('earlier\nbefore\n');
    expect(contentOf('20261121.log')).toBe('after\n');
  });

  it('are found after days in which nothing happened', () => {
    const files = open();
    clock.advance(40 * DAY);
    files.write('much later');
    files.close();
    expect(readdirSync(folder()).length).toBe(1);
  });

  it('can be read by their owner only', () => {
    open().close();
    expect(statSync(join(folder(), '20261120.log')).mode & 0o777).toBe(0o600);
  });

  it('are written before anything else happens', async () => {
    const files = open();
    files.write('one');
    files.write('two');
    await Promise.resolve();
    expect(contentOf('20261120.log')).toBe('one\ntwo\n');
    files.close();
  });

  it('are refused at once where they cannot be written', () => {
    rmSync(folder(), { recursive: true });
    expect(() => open()).toThrowMatching((error) => error instanceof OperationError && error.code === 'E_LOG_FILE');
  });

  it('tell once that lines are lost, and take them again when they can', () => {
    const files = open();
    rmSync(folder(), { recursive: true });
    clock.advance(1000);
    files.write('lost');
    files.flush();
    files.write('lost as well');
    files.flush();
    expect(problems).toEqual(['The log cannot be written, lines are lost: the system says ENOENT']);
    writeFileSync(folder(), 'a file in its place');
    rmSync(folder());
    files.close();
  });
});
