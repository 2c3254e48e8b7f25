import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import type { FarEntry } from '../../lib/transfer/transport.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

const COUNT = 40;
const KNOWN = { size: 4, mtimeMs: Date.UTC(2021, 2, 4, 5, 6, 7, 999) };
const DATED: Script = {
  MDTM: ({ files, argument }) => (files.has(argument) ? '213 20210304050607' : '550 no such file'),
};

describe('jobs that are done together', () => {
  let server: ScriptedServer;
  let talk: TalkToFtpMulti;
  const numbers = [...Array(COUNT).keys()];

  async function start(script: Script, more: Partial<TalkRules> = {}): Promise<void> {
    server = await ScriptedServer.start(script);
    const rules = { ...talkRules, attempts: 3, ...more };
    talk = new TalkToFtpMulti({ site: server.site, rules }, openTransferPool('A', 1), { random: () => 0 });
    await talk.connect();
    server.commands.length = 0;
  }

  afterEach(async () => {
    await talk.disconnect();
    await server.stop();
  });

  function fill(): void {
    for (const number of numbers) server.files.set(`/f${number}`, Buffer.from('sent'));
  }

  /** The codes of the errors of all removals, in order; `done` for those without one. */
  function removeAll(): Promise<readonly string[]> {
    const code = (error: { code: string }) => error.code;
    return Promise.all(numbers.map((number) => talk.remove(`f${number}`, KNOWN).then(() => 'done', code)));
  }

  it('removes files in the flights in which others are asked for', async () => {
    await start(DATED);
    fill();
    expect(new Set(await removeAll())).toEqual(new Set(['done']));
    expect(server.files.size).toBe(0);
    const flight = `${'DELE '.repeat(10)}SIZE MDTM`;
    expect(server.verbs.join(' ')).toContain(flight);
    // Two flights are on the way: the second one asks before the first is answered.
    expect(server.verbs.indexOf('DELE')).toBe(2 * 10 * 2);
    expect(server.verbs.filter((verb) => verb === 'DELE')).toHaveSize(COUNT);
  });

  it('leaves what is not what was sent, and takes what is gone for removed', async () => {
    await start(DATED);
    fill();
    server.files.set('/f3', Buffer.from('others'));
    server.files.delete('/f5');
    const codes = await removeAll();
    expect(codes[3]).toBe('E_OTHER_CONTENT');
    expect(codes.filter((code) => code === 'done')).toHaveSize(COUNT - 1);
    expect([...server.files.keys()]).toEqual(['/f3']);
  });

  it('removes each of them once more when the connection is lost under a flight', async () => {
    await start({
      ...DATED,
      DELE: (command) => {
        if (command.session > 1 || command.argument !== '/f4') return command.ordinary();
        command.control.destroy();
        return undefined;
      },
    });
    fill();
    expect(new Set(await removeAll())).toEqual(new Set(['done']));
    expect(server.files.size).toBe(0);
    expect(server.sessions).toBe(2);
  });

  it('does not say of what was begun that it was not, when a stop comes before it is done once more', async () => {
    let isBack: () => void = () => undefined;
    const back = new Promise<void>((resolve) => {
      isBack = resolve;
    });
    await start({
      ...DATED,
      DELE: ({ argument, ordinary }) => (argument === '/f4' ? '213 4' : ordinary()),
      USER: ({ session }) => {
        if (session === 1) return '331 and the password';
        isBack();
        return undefined;
      },
    });
    fill();
    const removed = removeAll();
    await back;
    await talk.disconnect(0);
    const codes = await removed;
    expect(codes.slice(0, 4)).toEqual(Array(4).fill('done'));
    // Two flights were on the way.
    expect(new Set(codes.slice(4, 20))).toEqual(new Set(['E_LOST']));
    expect(new Set(codes.slice(20))).toEqual(new Set(['E_CLOSED']));
  });

  it('makes folders many to a flight, and takes those that are there for made', async () => {
    await start({ MKD: (command) => (command.argument === '/d7' ? '550 exists' : command.ordinary()) });
    server.folders.add('/d7');
    await Promise.all(numbers.map((number) => talk.mkdir(`d${number}`)));
    expect(server.folders.size).toBe(COUNT + 1);
    expect(server.verbs.join(' ')).toContain('MKD MKD MKD MKD MKD MKD MKD MKD MKD MKD');
    expect(server.sessions).toBe(1);
  });

  it('lists folders one behind the other, and takes no listing of another folder', async () => {
    await start({ CWD: (command) => (command.argument === '/d9' ? '550 not in there' : command.ordinary()) });
    for (const number of numbers) {
      server.folders.add(`/d${number}`);
      server.files.set(`/d${number}/in${number}`, Buffer.from('x'));
    }
    const lists = numbers.map((number) => talk.list(`d${number}`).catch(({ code }) => code));
    const wanted = numbers.map((number) => (number === 9 ? 'E_REFUSED' : [`in${number}`]));
    const found = await Promise.all(lists);
    expect(found.map((list) => (typeof list === 'string' ? list : list.map(({ name }: FarEntry) => name)))).toEqual(
      wanted,
    );
    expect(server.verbs.join(' ')).toContain('CWD EPSV MLSD CWD EPSV MLSD CWD EPSV MLSD');
    expect(server.sessions).toBe(1);
  });

  it('asks for the times of files with the next folder where listings do not tell them', async () => {
    await start({
      ...DATED,
      FEAT: '211-I can\n SIZE\n211 that',
      LIST: async ({ data, control, before }) => {
        const socket = await data();
        control.write('150 listen\r\n');
        socket.end(`-rw-r--r-- 1 a b 1 Jan 1 2020 in${before}\r\n`);
        return '226 that is all';
      },
    });
    for (const number of numbers) {
      server.folders.add(`/d${number}`);
      server.files.set(`/d${number}/in${number}`, Buffer.from('x'));
    }
    const lists = await Promise.all(numbers.map((number) => talk.list(`d${number}`)));
    expect(lists.map(([entry]) => entry?.mtimeMs)).toEqual(numbers.map(() => Date.UTC(2021, 2, 4, 5, 6, 7)));
    expect(server.verbs.join(' ')).toContain('MDTM CWD EPSV LIST MDTM CWD EPSV LIST');
  });

  it('waits no longer than for anything else for a listing that is called sent and does not end', async () => {
    const stalling: Script = {
      MLSD: async (command) => {
        if (command.before === 0) return command.ordinary();
        await command.data();
        return '226 that is all';
      },
    };
    await start(stalling, { timeoutMs: 300, attempts: 1 });
    server.folders.add('/a').add('/b').add('/c');
    expect(await talk.list('a')).toEqual([]);
    const lists = [talk.list('b'), talk.list('c')].map(refusalOf);
    expect((await Promise.all(lists)).map(({ code }) => code)).toEqual(['E_TIMEOUT', 'E_TIMEOUT']);
  });

  it('is not what happens when nothing may be sent ahead', async () => {
    await start(DATED, { pipeline: false });
    fill();
    expect(new Set(await removeAll())).toEqual(new Set(['done']));
    await Promise.all([talk.mkdir('a'), talk.mkdir('b')]);
    await refusalOf(talk.list('missing'));
    expect(server.verbs.join(' ')).toContain('SIZE MDTM DELE SIZE MDTM DELE SIZE MDTM DELE');
  });
});
