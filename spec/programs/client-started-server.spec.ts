import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate } from '../support/certificate.ts';
import { clientScene, factsIn } from '../support/client-scene.ts';
import type { RunningProgram } from '../support/run-program.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const SIZE = 2 * 2 ** 20;
// Slow enough to be met before its end.
const SLOWLY = ['--bwlimit', '2M', '--progress'];
const UNDER_WAY = / [3-6]\d % /;

/** The same content with another byte in its tenth part. */
function changed(content: Buffer): Buffer {
  const other = Buffer.from(content);
  const at = Math.floor(content.length / 10);
  other.writeUInt8(other.readUInt8(at) ^ 0xff, at);
  return other;
}

for (const [how, scheme] of [
  ['plain', 'ftp'],
  ['over TLS, which it demands', 'ftpes'],
] as const) {
  describe(`the client program and the server program, ${how}`, () => {
    const scene = clientScene();
    const servers = serverPrograms();
    let server: ListeningServer;
    let content: Buffer;

    beforeEach(async () => {
      await servers().init();
      if (scheme === 'ftpes') {
        const { certificate: pem, key } = certificate();
        writeFileSync(servers().at('tls.pem'), pem + key, { mode: 0o600 });
        writeFileSync(near('../server.pem'), pem);
      }
      const secured = scheme === 'ftpes' ? ['--tls-cert', 'tls.pem', '--tls-require'] : [];
      server = await servers().start([...secured, '--verbose']);
      content = randomBytes(SIZE);
    });

    const near = (name: string) => join(scene().near, name);
    const far = (name: string) => servers().at('docs', 'zhangsan', name);
    const start = (commands: string, ...options: readonly string[]): RunningProgram => {
      const trust = scheme === 'ftpes' ? ['--tls-ca', '../server.pem'] : [];
      const site = { port: server.port, user: 'zhangsan', password: '123', scheme };
      return scene().start(site, commands, ...trust, ...options);
    };

    async function factsOf(commands: string): Promise<readonly Record<string, unknown>[]> {
      const { status, stdout } = await start(commands, '--json').ended;
      expect(status).withContext(stdout).toBe(0);
      return factsIn(stdout);
    }

    async function killed(command: string): Promise<void> {
      const client = start(command, ...SLOWLY);
      await client.waitForLine(UNDER_WAY);
      expect((await client.stop()).signal).toBe('SIGKILL');
    }

    it('C1, C3, C4, C5: put sends, goes on where it was killed, and refuses a changed file, as the server does', async () => {
      writeFileSync(near('a'), content);
      await killed('put a');
      // What the client had sent is still on its way into the file when the client is gone.
      await server.program.waitForLine(/ Transfer (?:not )?done : session 1, /);
      const sent = statSync(far('a')).size;
      expect(sent).toBeGreaterThan(0.2 * SIZE);
      writeFileSync(near('a'), changed(content));
      const refused = await start('put a').ended;
      expect([refused.status, refused.stderr]).toEqual([4, jasmine.stringMatching(/the file has changed since/)]);
      await server.program.waitForLine(/ Transfer not done : .*"553 /);
      expect(statSync(far('a')).size).toBe(sent);
      writeFileSync(near('a'), content);
      const [again] = await factsOf('put a');
      expect(again).toEqual(jasmine.objectContaining({ resumedAt: sent, moved: SIZE - sent, verified: true }));
      expect(readFileSync(far('a')).equals(content)).toBeTrue();
      expect(await factsOf('put a')).toEqual([jasmine.objectContaining({ state: 'complete', moved: 0 })]);
      writeFileSync(near('a'), changed(content));
      expect((await start('put a').ended).status).toBe(4);
      expect((await start('put -f a').ended).status).toBe(0);
      expect(readFileSync(far('a')).equals(changed(content))).toBeTrue();
    });

    it('C3, C4, C6: get fetches, goes on where it was killed, and refuses a changed file', async () => {
      writeFileSync(far('a'), content);
      await killed('get a');
      const part = readFileSync(near('a.part'));
      expect(part.length).toBeGreaterThan(0.2 * SIZE);
      expect(existsSync(near('a'))).toBeFalse();
      writeFileSync(far('a'), changed(content));
      const refused = await start('get a').ended;
      expect([refused.status, refused.stderr]).toEqual([4, jasmine.stringMatching(/the file has changed since/)]);
      expect(readFileSync(near('a.part')).equals(part)).toBeTrue();
      writeFileSync(far('a'), content);
      const [again] = await factsOf('get a');
      expect(again).toEqual(jasmine.objectContaining({ resumedAt: part.length, verified: true }));
      expect(readFileSync(near('a')).equals(content)).toBeTrue();
      expect(readFileSync(far('a')).equals(content)).toBeTrue();
    });

    it('mirrors both ways, and does jobs beside each other on connections of their own', async () => {
      mkdirSync(near('tree/sub/empty'), { recursive: true });
      for (const name of ['a', 'sub/b', 'sub/ö c']) writeFileSync(near(`tree/${name}`), content.subarray(0, 1000));
      await factsOf('mirror -R tree www');
      expect(compareTrees(near('tree'), far('www'), { times: true })).toEqual([]);
      rmSync(far('www/a'));
      writeFileSync(far('www/sub/d'), 'new');
      await factsOf('mirror -e www tree');
      expect(compareTrees(far('www'), near('tree'), { times: true })).toEqual([]);
      for (const name of ['one', 'two']) writeFileSync(near(name), content);
      const jobs = await factsOf('put one &; put two &; get www/sub/d &; queue mkdir made; wait; ls -1');
      expect(jobs.filter(({ command }) => command === 'put').map(({ to }) => to)).toEqual(
        jasmine.arrayWithExactContents(['/one', '/two']),
      );
      expect(readFileSync(far('one')).equals(content)).toBeTrue();
      expect(readFileSync(far('two')).equals(content)).toBeTrue();
      expect(readFileSync(near('d'), 'utf8')).toBe('new');
      expect(statSync(far('made')).isDirectory()).toBeTrue();
    });

    if (scheme === 'ftpes') {
      it('says nothing of a file to a client that does not speak TLS', async () => {
        const { status, stderr } = await scene().start(
          { port: server.port, user: 'zhangsan', password: '123' },
          'ls',
          '--retries',
          '0',
        ).ended;
        expect(status).toBe(3);
        expect(stderr).toMatch(/^Cannot log in to 127\.0\.0\.1 as zhangsan: .*534/);
      });
    }
  });
}
