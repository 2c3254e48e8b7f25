import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from '../support/foreign/found.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { descendantsOf } from '../support/processes.ts';
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

  /** The only process that the shell has begun. */
  function clientIn(shell: string | undefined): number {
    const [client] = descendantsOf(Number(shell));
    if (!client) throw new Error('there is no client');
    return client.pid;
  }

  /** Start the client by hand, and answer its question for the password. */
  async function logIn(...options: readonly string[]): Promise<void> {
    const program = join(process.cwd(), 'bin/ftp-client.js');
    terminal.type([process.execPath, program, `ftp://steve@127.0.0.1:${served().port}/`, ...options].join(' '));
    await terminal.shows(/Password for ftp:\/\/steve@127\.0\.0\.1:\d+\/: /);
    terminal.type('secret');
    await terminal.shows(/\/> $/);
  }

  it('C2, C3, C4: a session: put with progress, killed at 40 %, resumed, a changed file refused', async () => {
    const content = randomBytes(SIZE);
    writeFileSync(near('film.bin'), content);
    terminal.type('echo pid $$');
    const [, shell] = await terminal.shows(/^pid (\d+)$/m);
    await logIn('--bwlimit', '2M');
    expect(terminal.all).not.toContain('secret');

    terminal.type('put film.bin');
    await terminal.shows(BAR);
    await terminal.shows(/ [45]\d % /);
    // What the client had sent is still on its way into the file when the client is gone.
    const ended = once(served().server.events, 'transferEnded');
    process.kill(clientIn(shell), 'SIGKILL');
    await terminal.shows(/Killed/);
    await terminal.shows(/shell: $/);
    await ended;
    const sent = statSync(far('film.bin')).size;
    expect(sent / SIZE).toBeGreaterThan(0.3);
    expect(sent / SIZE).toBeLessThan(0.8);

    await logIn();
    terminal.type('put film.bin');
    const [, from] = await terminal.shows(
      /film\.bin: [\d.]+ MiB from byte (\d+) on \(4\.0 MiB in all\) in .*, verified\n/,
    );
    expect(Number(from)).toBe(sent);
    expect(readFileSync(far('film.bin')).equals(content)).toBeTrue();

    terminal.type('put film.bin');
    await terminal.shows(/already complete, nothing moved/);
    writeFileSync(near('film.bin'), randomBytes(SIZE));
    terminal.type('put film.bin');
    await terminal.shows(
      /\/film\.bin is there already with other content\. Nothing was changed; --force writes over it/,
    );
    expect(readFileSync(far('film.bin')).equals(content)).toBeTrue();
    terminal.type('bye');
    await terminal.shows(/shell: $/);
    terminal.type('echo status $?');
    await terminal.shows(/^status 0$/m);
  }, 60_000);

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

  it('keeps help within a terminal that was made narrower meanwhile', async () => {
    await logIn();
    terminal.type('!stty cols 60');
    await terminal.shows(/\/> $/);
    terminal.type('help put');
    await terminal.shows(/^ {2}Send a file; what is there of it from before is gone on$/m);
    await terminal.shows(/\/> $/);
  });

  it('warns of a password that is typed where all can see it', async () => {
    await logIn();
    terminal.type(`open ftp://steve:secret@127.0.0.1:${served().port}/`);
    await terminal.shows(/^The password was typed for all to see: leave it out of the address, and it is asked for\n/m);
    await terminal.shows(/\/> $/);
  });

  it('ends at Ctrl-D, and leaves the shell a line of its own', async () => {
    await logIn();
    terminal.press('C-d');
    await terminal.shows(/^\nshell: $/);
  });

  it('leaves Ctrl-C to a local program as long as it runs', async () => {
    await logIn();
    terminal.type(`!trap 'n=x$n; echo caught $n' INT; echo ready; while [ "$n" != xx ]; do sleep 9; done`);
    await terminal.shows(/^ready$/m);
    terminal.press('C-c');
    await terminal.shows(/^\^?C?caught x$/m);
    terminal.press('C-c');
    await terminal.shows(/caught xx$/m);
    await terminal.shows(/\/> $/);
    terminal.type('!echo up; sleep 9; echo not this');
    await terminal.shows(/^up$/m);
    terminal.press('C-c');
    await terminal.shows(/Interrupted\n/);
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
    // One that is still there writes to its folder while that is removed.
    terminal.press('C-u');
    terminal.type('bye');
    await terminal.shows(/shell: $/);
  });
});
