import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILES = 600;
const CLEAR = '\r\u001b[K';
const LIVE = /^\d+\/600 {2}[\d.]+ [KM]?i?B of [\d.]+ KiB {2}[\d.]+ [KM]?i?B\/s {2}(\?|\d+:\d\d) left {2}\[\d+\] /;

describe('the progress line of the mirror program', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  beforeEach(() => {
    mkdirSync(join(folder(), 'near'));
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(folder(), 'near', `${index}.txt`), 'content');
  });

  const words = (...more: readonly string[]) => [
    'bin/mirror.js',
    ...[`ftp://steve@127.0.0.1:${served().port}/test`, join(folder(), 'near'), '4', '4', '--once', '--multi', 'P2'],
    ...more,
  ];
  const environment = () => ({ FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() });
  const farFiles = () => readdirSync(join(served().home, 'test')).length;

  /** What a terminal is sent: script(1) gives the program one, and copies what comes out of it. */
  async function onTerminal(...more: readonly string[]): Promise<string> {
    const terminal = spawn('script', ['-qfec', ['node', ...words(...more)].join(' '), '/dev/null'], {
      env: { PATH: process.env['PATH'], ...environment() },
    });
    let shown = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const [status] = (await once(terminal, 'close')) as [number];
    expect(status).withContext(shown).toBe(0);
    return shown;
  }

  it('moves below the log on a terminal, never tears a line, and is gone at the end', async () => {
    const shown = await onTerminal('--progress');
    const pieces = shown.replaceAll('\r\n', '\n').split(CLEAR);
    const lives = pieces.filter((piece) => LIVE.test(piece));
    expect(lives.length).toBeGreaterThan(0);
    // What follows the clearing of the line is the live one, or whole lines of the log with or without it below them.
    const whole = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - root - [A-Z]+ - [^\n]+\n)*([^\n]*)$/;
    const tails = pieces.map((piece) => whole.exec(piece)?.[2]);
    expect(tails.filter((tail) => tail === undefined || (tail !== '' && !LIVE.test(tail)))).toEqual([]);
    expect(tails.filter((tail) => (tail ?? '').length > 79)).toEqual([]);
    expect(tails.at(-1)).toBe('');
    expect(shown).toMatch(/ - INFO - Cycle 1 done in .*600 files sent/);
  });

  it('is not there on a terminal with --no-progress', async () => {
    expect(await onTerminal('--no-progress')).not.toContain('\u001b');
  });

  it('is not there without a terminal', async () => {
    const { status, stdout, stderr } = await run('bin/mirror.js', { args: words().slice(1), env: environment() }).ended;
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('\u001b');
  });

  it('may lose who looks at it, and the mirror goes on', async () => {
    const mirror = spawn(process.execPath, words('--progress', '--log-level', 'error'), {
      env: { ...process.env, ...environment() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    mirror.stderr.destroy();
    expect(await once(mirror, 'close')).toEqual([0, null]);
    expect(farFiles()).toBe(FILES);
  });
});
