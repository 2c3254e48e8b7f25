import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import { type Script, type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { type Heard, listenTo } from '../support/transport-probe.ts';

const FEAT = '211-I can\n MLST type*;size*;modify*;\n SIZE\n MDTM\n REST STREAM\n211 that';
/** What the scripted server tells of each file. */
const MTIME = Date.UTC(2020, 8, 13, 12, 26, 40);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('files fetched ahead', () => {
  let server: ScriptedServer;
  let here: string;
  let talk: TalkToFtpMulti;
  let heard: Heard;

  async function start(script: Script = {}, rules: Partial<TalkRules> = {}): Promise<void> {
    server = await ScriptedServer.start({ FEAT, ...script });
    for (const name of NAMES) server.files.set(`/${name}`, Buffer.from(`content of ${name}`));
    here = mkdtempSync(join(tmpdir(), 'filesmirror-here-'));
    const errand = { site: server.site, rules: { ...talkRules, attempts: 3, timeoutMs: 2000, ...rules } };
    talk = new TalkToFtpMulti(errand, openTransferPool('A', 1), { random: () => 0 });
    heard = listenTo(talk);
    // By then it is known how data connections are opened.
    await talk.list('');
  }
  afterEach(async () => {
    await talk.disconnect();
    await server.stop();
    rmSync(here, { recursive: true });
  });

  const download = (name: string, told: { size?: number; mtimeMs?: number } = {}) =>
    talk.download({ path: name, target: join(here, name), size: 12, mtimeMs: MTIME, ...told });

  function expectAll(names: readonly string[] = NAMES): void {
    expect(readdirSync(here).sort()).toEqual([...names]);
    for (const name of names) expect(readFileSync(join(here, name), 'utf8')).toBe(`content of ${name}`);
    for (const { path } of heard.starts) {
      const of = ({ path: other }: { readonly path: string }) => other === path;
      expect(heard.ends.filter(of).length).withContext(path).toBe(heard.starts.filter(of).length);
    }
  }

  /** The verbs since the listing. */
  const verbs = () => server.verbs.slice(server.verbs.lastIndexOf('MLSD') + 1);

  it('are asked about together with the command for the next', async () => {
    await start();
    await Promise.all(NAMES.map((name) => download(name)));
    expect(verbs()).toEqual([
      ...['EPSV', 'RETR'],
      ...NAMES.slice(1).flatMap(() => ['SIZE', 'MDTM', 'EPSV', 'RETR']),
      ...['SIZE', 'MDTM'],
    ]);
    expectAll();
    expect(heard.ends.map(({ bytes, error }) => [bytes, error])).toEqual(NAMES.map(() => [12, undefined]));
  });

  it('are taken again one by one when one of them is not what the listing told', async () => {
    await start();
    await Promise.all(NAMES.map((name) => download(name, name === 'c' ? { mtimeMs: MTIME - 60_000 } : {})));
    expectAll();
  });

  it('never hold what changed while it was fetched', async () => {
    const changeOnce = async (command: ScriptedCommand) => {
      const said = await command.ordinary();
      if (command.argument === '/c') command.files.set('/c', Buffer.from('content of c'.toUpperCase().slice(0, 9)));
      return said;
    };
    await start({ RETR: changeOnce });
    await Promise.all(NAMES.map((name) => download(name)));
    expect(readFileSync(join(here, 'c'), 'utf8')).toBe('CONTENT O');
  });

  it('are fetched one by one behind one that the server refuses', async () => {
    await start({ RETR: (command) => (command.argument === '/c' ? '550 not that one' : command.ordinary()) });
    const results = await Promise.allSettled(NAMES.map((name) => download(name)));
    expect(results.map(({ status }) => status)).toEqual(NAMES.map((name) => (name === 'c' ? 'rejected' : 'fulfilled')));
    expectAll(NAMES.filter((name) => name !== 'c'));
  });

  for (const [what, fault] of [
    ['the connection breaks', ({ control }: ScriptedCommand) => void control.resetAndDestroy()],
    ['the data connection is refused', () => '425 not now'],
  ] as const) {
    it(`are all there though ${what} under one of them`, async () => {
      let times = 0;
      await start({
        EPSV: (command) => {
          times += 1;
          return times === 4 ? (fault(command) ?? undefined) : command.ordinary();
        },
      });
      await Promise.all(NAMES.map((name) => download(name)));
      expectAll();
    });
  }

  it('are not fetched ahead when their hashes are to be compared, or nobody told their times', async () => {
    await start({}, { verify: 'hash' });
    await Promise.all(NAMES.map((name) => download(name)));
    expect(verbs().filter((verb) => verb === 'RETR').length).toBe(NAMES.length);
    expect(verbs().join(' ')).not.toContain('SIZE MDTM EPSV RETR SIZE MDTM EPSV RETR SIZE MDTM SIZE');
    expectAll();
  });

  it('tell of one that cannot be written, and go on with the others', async () => {
    await start();
    const lost = talk.download({ path: 'a', target: join(here, 'none', 'a'), size: 12, mtimeMs: MTIME });
    const others = Promise.all(NAMES.slice(1).map((name) => download(name)));
    await expectAsync(lost).toBeRejectedWith(jasmine.objectContaining({ code: 'E_TARGET' }));
    await others;
    expectAll(NAMES.slice(1));
  });
});
