import { readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { logLevels } from '../../lib/base/log-words.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { LogErrand } from '../support/workers/log-writer.ts';

const WRITER = fileURLToPath(new URL('../support/workers/log-writer.js', import.meta.url));
const DAY_MS = 24 * 60 * 60 * 1000;
const NOON = Date.parse('2019-03-12T12:00:00Z');

const text: LogErrand['options'] = { level: 'info', format: 'text', keepDays: 2 };
const json: LogErrand['options'] = { ...text, format: 'json' };

describe('openLogger', () => {
  const folder = temporaryFolder();
  const run = programs();

  /** @returns the lines that were given away, the `closed` of the program's end among them */
  async function log(errand: LogErrand, timeZone = 'UTC'): Promise<{ lines: string[]; stderr: string }> {
    const program = run(WRITER, {
      stdin: JSON.stringify(errand),
      env: { TZ: timeZone, HOME: folder() },
      cwd: folder(),
    });
    const { status, stdout, stderr } = await program.ended;
    if (status !== 0) throw new Error(stderr);
    const lines = stdout.split('\n').slice(0, -1);
    return { lines: lines.map((line) => JSON.parse(line) as string), stderr };
  }

  async function logOne(options: LogErrand['options'], ...line: LogErrand['days'][0]['lines'][0]): Promise<string> {
    const { lines } = await log({ options, days: [{ at: NOON, lines: [line] }] });
    expect(lines.length).toBe(2);
    return lines[0] ?? '';
  }

  function file(name = 'mirror.log'): string {
    return join(folder(), name);
  }

  describe('as text', () => {
    it('writes the line of the original, in local time', async () => {
      const at = Date.parse('2019-03-12T02:04:52.932+01:00');
      const { lines } = await log(
        { options: text, days: [{ at, lines: [['info', 'Valid parameters']] }] },
        'Europe/Paris',
      );
      expect(lines).toEqual(['2019-03-12 02:04:52,932 - root - INFO - Valid parameters', 'closed']);
    });

    it('follows the clock of the wall into summer time, and west of Greenwich to the day before', async () => {
      const at = Date.parse('2026-07-01T01:30:00.007Z');
      const errand: LogErrand = { options: text, days: [{ at, lines: [['warn', 'x']] }] };
      expect((await log(errand, 'Europe/Paris')).lines[0]).toBe('2026-07-01 03:30:00,007 - root - WARN - x');
      expect((await log(errand, 'America/St_Johns')).lines[0]).toBe('2026-06-30 23:00:00,007 - root - WARN - x');
    });

    it('tells each line its own time, within a second, into the next, over the change to summer time, and set back', async () => {
      const start = Date.parse('2026-03-29T01:59:59.998+01:00');
      const days = [0, 1, 2, 1003, -1].map((more) => ({ at: start + more, lines: [['info', `x${more}`]] }) as const);
      const times = (await log({ options: { ...text, file: file() }, days }, 'Europe/Paris')).lines
        .slice(0, -1)
        .map((l) => l.slice(0, 23));
      const [before, after] = ['2026-03-29 01:59:59', '2026-03-29 03:00'];
      expect(times).toEqual([`${before},998`, `${before},999`, `${after}:00,000`, `${after}:01,001`, `${before},997`]);
    });

    for (const [what, message, written] of [
      ['line ends', 'a\nb\r\nc', 'a\\u000ab\\u000d\\u000ac'],
      [
        'a forged line',
        'x\n2019-03-12 02:04:52,932 - root - INFO - y',
        'x\\u000a2019-03-12 02:04:52,932 - root - INFO - y',
      ],
      ['escape sequences', '\x1b[2Ja\x9b2J', '\\u001b[2Ja\\u009b2J'],
      ['line ends of Unicode', 'a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
      ['a name of many scripts', 'Größe – 表 🙂', 'Größe – 表 🙂'],
      ['placeholders', '%s %d %% %j %o %O %c %i %f', '%s %d %% %j %o %O %c %i %f'],
    ] as const) {
      it(`is one line for ${what}`, async () => {
        const facts = what === 'placeholders' ? ([{ s: 'put in', d: 1 }] as const) : [];
        const line = await logOne(text, 'info', message, ...facts);
        expect(line).toBe(`2019-03-12 12:00:00,000 - root - INFO - ${written}`);
      });
    }
  });

  describe('as JSON', () => {
    it('writes an object with time in UTC, level, message and facts', async () => {
      const line = await logOne(json, 'error', 'File %s', { bytes: 3, path: 'a\nb', isNew: true, error: null });
      expect(JSON.parse(line)).toEqual({
        time: '2019-03-12T12:00:00.000Z',
        level: 'ERROR',
        message: 'File %s',
        bytes: 3,
        path: 'a\nb',
        isNew: true,
        error: null,
      });
    });

    it('is one line that reads back as it was, whatever is in it', async () => {
      const message = 'a\n\x9b\u2028\ud800"\\u000a %s';
      const line = await logOne(json, 'info', message);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect((JSON.parse(line) as { message: string }).message).toBe(message);
    });
  });

  it('lets no fact take the place of time, level or message', async () => {
    const line = await logOne(json, 'info', 'true', { level: 'DEBUG', message: 'false', time: 'never' });
    expect(JSON.parse(line)).toEqual({ time: '2019-03-12T12:00:00.000Z', level: 'INFO', message: 'true' });
  });

  for (const [index, level] of logLevels.entries()) {
    it(`writes from the level ${level} on`, async () => {
      const lines = logLevels.map((each) => [each, `it is ${each}`] as const);
      const written = (await log({ options: { ...text, level }, days: [{ lines }] })).lines.slice(0, -1);
      expect(written.map((line) => line.replace(/.* - /, ''))).toEqual(
        logLevels.slice(index).map((each) => `it is ${each}`),
      );
    });
  }

  describe('with a file', () => {
    it('writes the same lines there, all of them before it is closed', async () => {
      const many = Array.from({ length: 2000 }, (_, index) => ['info', `number ${index} ${'é'.repeat(100)}`] as const);
      const { lines } = await log({ options: { ...text, file: file() }, days: [{ lines: many }] });
      expect(lines.length).toBe(2001);
      expect(readFileSync(file(), 'utf8')).toBe(`${lines.slice(0, -1).join('\n')}\n`);
    });

    it('lets only its owner read it', async () => {
      await log({ options: { ...text, file: file() }, days: [{ lines: [['info', 'x']] }] });
      expect(statSync(file()).mode & 0o777).toBe(0o600);
    });

    it('appends to what was logged earlier on the same day', async () => {
      const errand: LogErrand = { options: { ...json, file: file() }, days: [{ lines: [['info', 'x']] }] };
      const first = await log(errand);
      const second = await log(errand);
      expect(readFileSync(file(), 'utf8')).toBe(`${first.lines[0]}\n${second.lines[0]}\n`);
    });

    it('begins the file anew each day while it runs, and removes the oldest beyond those to keep', async () => {
      const days = [0, 1, 2, 3].map((day) => ({ at: NOON + day * DAY_MS, lines: [['info', `day ${day}`]] as const }));
      await log({ options: { ...text, file: file() }, days: [...days] });
      expect(readdirSync(folder()).sort()).toEqual(['mirror.log', 'mirror.log.2019-03-13', 'mirror.log.2019-03-14']);
      expect(readFileSync(file(), 'utf8')).toBe('2019-03-15 12:00:00,000 - root - INFO - day 3\n');
      expect(readFileSync(file('mirror.log.2019-03-13'), 'utf8')).toContain('day 1\n');
    });

    it('begins the file anew when the last line in it is of another day, and leaves other files alone', async () => {
      const others = ['mirror.log-notes', 'mirror.log.old', 'other.log.2019-01-01'];
      for (const name of [...others, 'mirror.log.2019-01-01', 'mirror.log.2019-01-02', 'mirror.log.2019-01-03'])
        writeFileSync(file(name), name);
      writeFileSync(file(), 'of old\n');
      utimesSync(file(), new Date('2019-01-04T12:00:00Z'), new Date('2019-01-04T12:00:00Z'));
      await log({ options: { ...text, file: file() }, days: [{ lines: [['info', 'of today']] }] });
      expect(readFileSync(file('mirror.log.2019-01-04'), 'utf8')).toBe('of old\n');
      expect(readdirSync(folder()).sort()).toEqual(
        [...others, 'mirror.log', 'mirror.log.2019-01-03', 'mirror.log.2019-01-04'].sort(),
      );
    });

    it('keeps no file of another day when none is to be kept', async () => {
      const days = [0, 1].map((day) => ({ at: NOON + day * DAY_MS, lines: [['info', `day ${day}`]] as const }));
      await log({ options: { ...text, keepDays: 0, file: file() }, days: [...days] });
      expect(readdirSync(folder())).toEqual(['mirror.log']);
      expect(readFileSync(file(), 'utf8')).toContain('day 1\n');
    });

    it('takes its name as it is: a folder ~ is a folder of that name', async () => {
      await log({ options: { ...text, file: '~/mirror.log' }, days: [{ lines: [['info', 'x']] }] });
      expect(readdirSync(join(folder(), '~'))).toEqual(['mirror.log']);
    });

    it('goes on without it when the disk is full, and says so', async () => {
      symlinkSync('/dev/full', file());
      const at = statSync('/dev/full').mtimeMs;
      const { lines, stderr } = await log({
        options: { ...json, file: file() },
        days: [
          {
            at,
            lines: [
              ['info', 'one'],
              ['info', 'two'],
            ],
          },
        ],
      });
      expect(lines.length).toBe(3);
      expect(stderr).toContain('ENOSPC');
      expect(stderr).toContain(file());
    });
  });
});
