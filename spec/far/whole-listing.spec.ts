import { codeOf } from '../../lib/base/coded-error.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { LISTS } from '../support/scripted-listings.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';

const ITSELF = 'drwxr-xr-x 2 a b 4096 Feb 4 05:06 .\r\ndrwxr-xr-x 2 a b 4096 Feb 4 05:06 ..\r\n';
const FILE = '-rw-r--r-- 1 a b 1 Feb 4 2020 file\r\n';

describe('a listing by LIST that brings nothing', () => {
  let server: ScriptedServer;
  let talk: TalkToFtpMulti | undefined;

  afterEach(async () => {
    await talk?.disconnect();
    await server.stop();
  });

  /** A server with what its listings bring, by folder. */
  async function start(texts: Readonly<Record<string, string>>): Promise<TalkToFtpMulti> {
    let at = '/';
    const script: Script = {
      FEAT: LISTS,
      CWD: ({ argument, ordinary }) => {
        at = argument;
        return ordinary();
      },
      LIST: async ({ data, control }) => {
        const socket = await data();
        control.write('150 listen\r\n');
        socket.end(texts[at] ?? '');
        return '226 that is all';
      },
    };
    server = await ScriptedServer.start(script);
    for (const folder of Object.keys(texts)) server.folders.add(folder);
    talk = new TalkToFtpMulti({ site: server.site, rules: talkRules }, openTransferPool('A', 1));
    await talk.connect();
    return talk;
  }

  const lists = (talking: TalkToFtpMulti, names: readonly string[]) =>
    Promise.all(names.map((name) => talking.list(name).then((entries) => entries.map((entry) => entry.name), codeOf)));

  it('is one that may not be read where others tell of the folder itself', async () => {
    const talking = await start({ '/': ITSELF, '/a': ITSELF + FILE, '/b': '', '/c': ITSELF, '/d': '' });
    expect(await lists(talking, ['a', 'b', 'c', 'd'])).toEqual([['file'], 'E_REFUSED', [], 'E_REFUSED']);
  });

  it('is so also when the folder above has to be looked at to know it', async () => {
    const talking = await start({ '/': ITSELF, '/a': '', '/a/b': '' });
    expect(await lists(talking, ['a/b'])).toEqual(['E_REFUSED']);
  });

  it('is one of an empty folder where others do not', async () => {
    const talking = await start({ '/': FILE, '/a': '', '/b': FILE, '/c': '' });
    expect(await lists(talking, ['a', 'b', 'c'])).toEqual([[], ['file'], []]);
  });

  it('is believed where there is nothing to compare it with', async () => {
    const talking = await start({ '/': '' });
    expect(await lists(talking, ['', 'missing'])).toEqual([[], 'E_MISSING']);
  });
});
