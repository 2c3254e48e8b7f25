import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';
import type { Ended } from '../support/run-program.ts';
import { FACTS, facts, listing } from '../support/scripted-listings.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';

describe('get of the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  let server: ScriptedServer;
  afterEach(() => server?.stop());

  const near = (name: string) => join(scene().near, name);

  async function start(script: Script): Promise<void> {
    server = await ScriptedServer.start(script);
    server.files.set('/a', Buffer.from('precious'));
  }
  const run = (commands: string, ...options: readonly string[]): Promise<Ended> =>
    scene().start({ port: server.port, user: 'me' }, commands, ...options).ended;

  it('C5: leaves a local file that appeared meanwhile', async () => {
    await start({
      FEAT: FACTS,
      MLST: facts,
      RETR: ({ before, ordinary }) => {
        if (before === 0) writeFileSync(near('a'), 'mine');
        return ordinary();
      },
    });
    const { status, stderr } = await run('get a');
    expect(status).withContext(stderr).toBe(4);
    expect(stderr).toMatch(/a is there already with other content\. Nothing was changed; --force/);
    expect(readFileSync(near('a'), 'utf8')).toBe('mine');
    expect((await run('get -f a')).status).toBe(0);
    expect(readFileSync(near('a'), 'utf8')).toBe('precious');
    expect(readdirSync(scene().near)).toEqual(['a']);
  });

  it('C6: makes no folder that is not there', async () => {
    await start({ FEAT: FACTS, MLST: facts });
    const { status, stderr } = await run('get a none/b');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^There is no local folder ".*none"$/m);
    expect(readdirSync(scene().near)).toEqual([]);
  });

  it('C6: is refused where another one writes to the same part', async () => {
    let second: Ended | undefined;
    await start({
      FEAT: FACTS,
      MLST: facts,
      RETR: async ({ before, ordinary }) => {
        if (before === 0) second = await run('get a', '--retries', '0');
        return ordinary();
      },
    });
    const first = await run('get a');
    expect(second?.status).toBe(1);
    expect(second?.stderr).toMatch(/a\.part.* is held by another instance: process \d+/);
    expect(first.status).withContext(first.stderr).toBe(0);
    expect(readFileSync(near('a'), 'utf8')).toBe('precious');
    expect(readdirSync(scene().near)).toEqual(['a']);
  });

  it('C6: takes a file again that changed meanwhile, and never tells it as whole before', async () => {
    let time = '20200913122640';
    await start({
      ...listing('-rw-r--r-- 1 me me 8 Jan 01 2020 a'),
      MDTM: () => `213 ${time}`,
      RETR: async ({ before, ordinary, files }) => {
        const answer = await ordinary();
        if (before < 2) {
          time = `2021091312264${before}`;
          files.set('/a', Buffer.from(`changed${before}`));
        }
        return answer;
      },
    });
    const { status, stderr } = await run('get a', '--retries', '0');
    expect([status, stderr]).toEqual([1, '/a changed on the site while it was fetched: fetch it again\n']);
    expect(readdirSync(scene().near)).toEqual([]);
    expect((await run('get a')).status).toBe(0);
    expect(readFileSync(near('a'), 'utf8')).toBe('changed1');
  });

  it('C6: goes on with a file that only grew meanwhile', async () => {
    const growing = join(served().home, 'log');
    writeFileSync(growing, 'one\n');
    served().server.events.once('transferEnded', () => writeFileSync(growing, 'two\n', { flag: 'a' }));
    const { status, stdout } = await scene().start(served(), 'get log', '--json').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(factsIn(stdout)).toEqual([jasmine.objectContaining({ resumedAt: 4, moved: 4, verified: true })]);
    expect(readFileSync(near('log'), 'utf8')).toBe('one\ntwo\n');
  });
});
