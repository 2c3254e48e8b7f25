import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import type { DataFolder } from '../../lib/accounts/data-folder.ts';
import { FileLock } from '../../lib/base/file-lock.ts';
import { admin, idleSession, makeDataFolder, PretendedServer, startControl } from '../support/administrator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type TerminalTalk, terminals } from '../support/terminal-talk.ts';

const PROMPT = 'miniftp-admin> ';

describe('the menu of the administrator program', () => {
  const place = temporaryFolder();
  const talkTo = terminals();
  let folder: DataFolder;

  beforeEach(async () => {
    folder = await makeDataFolder(join(place(), 'data'));
  });

  const begin = () => talkTo(['bin/ftp-admin.js', '--data', folder.root], { TERM: 'xterm' });

  async function logIn(): Promise<TerminalTalk> {
    const talk = begin();
    await talk.answer('Password of admin: ', admin.password);
    return talk;
  }

  it('A1: shows nothing without the right password, and never what is typed', async () => {
    const talk = begin();
    await talk.answer('Password of admin: ', 'not the password');
    await talk.sees('The name or the password of the administrator is wrong');
    expect(await talk.ended()).toBe(3);
    expect(talk.shown).not.toContain('not the password');
    expect(talk.shown).not.toContain(PROMPT);
  });

  it('A2: asks for what it needs to register a user, the password twice', async () => {
    const talk = await logIn();
    await talk.sees('No server runs');
    await talk.sees('2  Register a user');
    await talk.answer(PROMPT, '2');
    await talk.answer('NAME (Name of the user): ', 'anna');
    await talk.answer('How much the files of the user may take in all', '10M');
    await talk.answer('[y/N] ', '');
    await talk.answer('New password of anna: ', 'secret');
    await talk.answer('The same again: ', 'secret');
    await talk.sees('User anna registered, quota 10.0 MiB');
    await talk.answer(PROMPT, '1');
    await talk.sees('anna  10.0 MiB  0 B');
    await talk.answer(PROMPT, '0');
    expect(await talk.ended()).toBe(0);
    expect(talk.shown).not.toContain('secret');
    const accounts = await AccountFile.open(folder);
    expect((await accounts.check('anna', 'secret'))?.quotaBytes).toBe(10 * 1024 * 1024);
  });

  it('takes any command as it is typed on the command line, and goes on after a mistake', async () => {
    const talk = await logIn();
    await talk.answer(PROMPT, 'usr list');
    await talk.sees('unknown command, did you mean user?');
    await talk.answer(PROMPT, 'user show nobody');
    await talk.sees('There is no user "nobody"');
    await talk.answer(PROMPT, 'user add "');
    await talk.sees('A quote is not closed');
    await talk.answer(PROMPT, 'user add anna');
    await talk.answer('New password of anna: ', 'secret');
    await talk.answer('The same again: ', 'other');
    await talk.sees('The two passwords are not the same');
    await talk.answer(PROMPT, 'help user add');
    await talk.sees('--password-stdin');
    await talk.answer(PROMPT, 'help');
    await talk.sees('user quota NAME QUOTA');
    await talk.sees(PROMPT);
    talk.type('user li\t\r');
    await talk.sees('No users');
    await talk.answer(PROMPT, 'menu');
    await talk.sees('Register a user');
    await talk.answer(PROMPT, 'exit');
    expect(await talk.ended()).toBe(0);
  });

  it('A3: asks back before it removes files', async () => {
    const accounts = await AccountFile.open(folder);
    await accounts.add('anna', 'x');
    await accounts.close();
    const talk = await logIn();
    for (const [answer, seen] of [
      ['n', 'Nothing was done'],
      ['y', 'User anna removed'],
    ] as const) {
      await talk.answer(PROMPT, '8');
      await talk.answer('NAME (Name of the user): ', 'anna');
      await talk.answer('Remove the files of the user, too', 'y');
      await talk.answer('Go on? [y/N] ', answer);
      await talk.sees(seen);
      expect(existsSync(join(folder.docs, 'anna'))).toBe(answer === 'n');
    }
    await talk.sees(PROMPT);
    talk.type('\u0004');
    expect(await talk.ended()).toBe(0);
  });

  it('logs in with the new password after the administrator has changed it', async () => {
    const talk = await logIn();
    await talk.answer(PROMPT, 'admin passwd');
    await talk.answer('New password of the administrator: ', 'changed');
    await talk.answer('The same again: ', 'changed');
    await talk.sees('has a new password');
    await talk.answer(PROMPT, 'user list');
    await talk.sees('No users');
    await talk.answer(PROMPT, 'quit');
    expect(await talk.ended()).toBe(0);
  });

  it('holds no lock between two commands: a server can start meanwhile, and is asked from then on', async () => {
    const talk = await logIn();
    await talk.answer(PROMPT, 'who');
    await talk.sees('No server runs on this data folder');
    await talk.sees(PROMPT);
    FileLock.take(folder.lockFile).release();
    const rig = await startControl(folder, { live: new PretendedServer([idleSession]) });
    talk.type('who\r');
    await talk.sees('anna  127.0.0.1 40000  no');
    await talk.answer(PROMPT, 'kick anna');
    await talk.sees('Sessions ended: 1');
    await talk.answer(PROMPT, '0');
    expect(await talk.ended()).toBe(0);
    expect(rig.live.told).toEqual(['kick {"user":"anna"} Ended by the administrator']);
    await rig.close();
  });

  it('A6: leaves on Ctrl-C, and the server goes on', async () => {
    const rig = await startControl(folder);
    const talk = await logIn();
    await talk.sees('The server runs.');
    await talk.sees(PROMPT);
    talk.type('\u0003');
    expect(await talk.ended()).toBe(0);
    expect(rig.server).toBeDefined();
    const next = await logIn();
    await next.answer(PROMPT, 'bye');
    expect(await next.ended()).toBe(0);
    await rig.close();
  });
});
