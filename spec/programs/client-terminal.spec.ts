import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from '../support/foreign/found.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TerminalSession } from '../support/terminal-session.ts';

const SIZE = 4 * 2 ** 20;
const BAR = / +(\d+) % \[(#*)\.*\] [\d.]+ [KM]?i?B of 4\.0 MiB {2}[\d.]+ [KM]?i?B\/s {2}(\?|\d:\d\d) left/;

describe('the client program on a terminal', () => {
  const folder = temporaryFolder();
  const served = servedFolder();
  let terminal: TerminalSession;

  beforeEach(async () => {
    requireProgram('tmux');
    mkdirSync(join(folder(), 'near'));
    terminal = await TerminalSession.start(join(folder(), 'near'), { HOME: folder(), XDG_STATE_HOME: folder() });
  });

  afterEach(() => terminal?.end());

  const near = (name: string) => join(folder(), 'near', name);
  const far = (name: string) => join(served().home, name);

  /** Start the client by hand, and answer its question for the password. */
  async function logIn(...options: readonly string[]): Promise<void> {
    const program = join(process.cwd(), 'bin/ftp-client.js');
    terminal.type([process.execPath, program, `ftp://steve@127.0.0.1:${served().port}/`, ...options].join(' '));
    await terminal.shows(/Password for ftp:\/\/steve@127\.0\.0\.1:\d+\/: /);
    terminal.type('secret');
    await terminal.shows(/\/> $/);
  }

  it('Ctrl-C ends the transfer and not the client; another one at the prompt ends nothing', async () => {
    writeFileSync(near('a'), randomBytes(SIZE));
    await logIn('--bwlimit', '1M');
    terminal.type('put a');
    await terminal.shows(BAR);
    terminal.press('C-c');
    await terminal.shows(/Interrupted\n/);
    await terminal.shows(/\/> $/);
    terminal.press('C-c');
    await terminal.shows(/\/> $/);
    terminal.type('pwd');
    await terminal.shows(/^\/$/m);
  });

  it('completes commands, local and remote names', async () => {
    writeFileSync(near('only here.txt'), '');
    mkdirSync(far('remote folder'));
    await logIn();
    terminal.keys('mkd');
    terminal.press('Tab');
    await terminal.shows(/mkdir/);
    terminal.press('C-u');
    terminal.keys('put on');
    terminal.press('Tab');
    await terminal.shows(/put "only here\.txt"/);
    terminal.press('C-u');
    terminal.keys('cd rem');
    terminal.press('Tab');
    await terminal.shows(/cd "remote folder\/"/);
    terminal.press('Enter');
    await terminal.shows(/remote folder> $/);
  });

  it('asks before a folder goes, and finds what was typed the last time', async () => {
    mkdirSync(far('a/b'), { recursive: true });
    await logIn();
    terminal.type('rm a');
    await terminal.shows(/Remove the folder \/a with all that is in it\? \[y\/N\] /);
    terminal.type('n');
    await terminal.shows(/Kept \/a/);
    terminal.type('rm a');
    await terminal.shows(/\[y\/N\] /);
    terminal.type('y');
    await terminal.shows(/Removed \/a \(2 entries\)/);
    terminal.type('bye');
    await terminal.shows(/shell: $/);
    await logIn();
    for (const _ of 'bye, rm') terminal.press('Up');
    await terminal.shows(/rm a/);
    expect(readFileSync(join(folder(), 'filesmirror', 'client', 'history'), 'utf8')).toBe('rm a\nbye\n');
    expect(statSync(join(folder(), 'filesmirror', 'client', 'history')).mode & 0o777).toBe(0o600);
  });
});
