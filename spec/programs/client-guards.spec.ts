import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';
import type { Ended } from '../support/run-program.ts';
import { FACTS, facts, LISTS, listing } from '../support/scripted-listings.ts';
import { type Script, type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';

const LINK = 'lrwxrwxrwx 1 me me 6 Jan 01 2020 a -> target';
const DOS = '01-01-20  12:00AM                    8 a';

describe('what is on the site already, for the client program', () => {
  const scene = clientScene();
  const dropBox = servedFolder(() => ({}), ['write']);
  let server: ScriptedServer;
  afterEach(() => server?.stop());

  const near = (name: string) => join(scene().near, name);
  const far = (name: string) => server.files.get(name)?.toString();

  async function start(script: Script): Promise<void> {
    server = await ScriptedServer.start(script);
    server.files.set('/a', Buffer.from('precious'));
  }
  const run = (commands: string, ...options: readonly string[]): Promise<Ended> =>
    scene().start({ port: server.port, user: 'me' }, commands, ...options).ended;

  for (const [what, script] of [
    ['a link, of whose file SIZE tells', listing(LINK)],
    ['a line that nobody can read, of whose file SIZE tells', listing(DOS)],
    ['in no listing, and SIZE tells it', listing()],
    ['unknown to MLST, and SIZE tells it', { FEAT: FACTS, MLST: '550 no' }],
    ['a link that nobody can follow', { ...listing(LINK), SIZE: '550 no', MDTM: '550 no' }],
    ['a line that nobody can read, and there is no SIZE', { ...listing(DOS), SIZE: '500 what', MDTM: '500 what' }],
    ['in a folder that may not be listed', { FEAT: LISTS, LIST: '550 no', SIZE: '550 no', MDTM: '550 no' }],
    ['where nothing is told of anything', { FEAT: FACTS, MLST: '550 no', SIZE: '550 no', MDTM: '550 no' }],
    ['told by MLST in facts that nobody can read', { FEAT: FACTS, MLST: '250-\n size=8; a\n250 so', SIZE: '550 no' }],
  ] as const) {
    it(`C5: is never written over by put when it is ${what}`, async () => {
      await start(script);
      writeFileSync(near('a'), 'other');
      const { status, stderr } = await run('put a');
      expect(status).withContext(stderr).toBe(4);
      expect(stderr).toMatch(/^.*\/a.* Nothing was changed; --force /m);
      expect(far('/a')).toBe('precious');
      expect((await run('put -f a')).status).toBe(0);
      expect(far('/a')).toBe('other');
    });
  }

  it('C5: is written by put without a question where there is nothing, listing or not', async () => {
    for (const script of [listing(DOS), { FEAT: FACTS, MLST: facts }]) {
      await start(script);
      writeFileSync(near('b'), 'new');
      const { status, stderr } = await run('put b');
      expect(status).withContext(stderr).toBe(0);
      expect(far('/b')).toBe('new');
      await server.stop();
    }
  });

  it('C5: is not written over where one may only write, and see nothing', async () => {
    const inBox = join(dropBox().home, 'a');
    writeFileSync(inBox, 'precious');
    writeFileSync(near('a'), 'other');
    const { status, stderr } = await scene().start(dropBox(), 'put a').ended;
    expect(status).withContext(stderr).toBe(4);
    expect(readFileSync(inBox, 'utf8')).toBe('precious');
    expect((await scene().start(dropBox(), 'put -f a').ended).status).toBe(0);
    expect(readFileSync(inBox, 'utf8')).toBe('other');
  });

  it('is not written over by mv, unless that is wanted', async () => {
    await start({ FEAT: FACTS, MLST: facts });
    server.files.set('/b', Buffer.from('other'));
    const { status, stderr } = await run('mv b a');
    expect(status).toBe(4);
    expect(stderr).toBe('/a is there already. Nothing was changed; --force writes over it\n');
    expect([far('/a'), far('/b')]).toEqual(['precious', 'other']);
    expect((await run('mv b c; mv -f c a')).status).toBe(0);
    expect([far('/a'), far('/b'), far('/c')]).toEqual(['other', undefined, undefined]);
  });

  const CLOSED = 'drwx------ 2 me me 6 Jan 01 2020 closed';
  const closed = ({ argument, ordinary }: ScriptedCommand) =>
    argument === '/closed' ? '550 Permission denied' : ordinary();
  const folders: Script = {
    FEAT: FACTS,
    MLST: ({ argument }) =>
      ['/', '/closed'].includes(argument) ? '250-\n type=dir; x\n250 so' : '550 Permission denied, or nothing there',
    SIZE: '550 no',
    MDTM: '550 no',
    CWD: closed,
  };

  for (const [how, script] of [
    ['MLST', folders],
    ['LIST', { ...listing(CLOSED), SIZE: '550 no', MDTM: '550 no', CWD: closed }],
  ] as const) {
    for (const name of ['closed', 'closed/*', 'closed/a', 'closed/b/a', 'closed/b/*']) {
      it(`C8: is told when rm -rf ${name} cannot get at it, on a server that knows ${how}`, async () => {
        await start(script);
        const { status, stderr } = await run(`rm -rf ${name}`);
        expect(status).withContext(stderr).toBe(1);
        expect(stderr).toMatch(/\/closed/);
      });
    }

    it(`C8: is no failure for rm -f when there is nothing, on a server that knows ${how}`, async () => {
      await start(script);
      const { status, stdout, stderr } = await run('rm -f nothing nothing/a nothing/* *.nothing nothing/deep/*');
      expect([status, stdout, stderr]).toEqual([0, '', '']);
    });
  }
});
