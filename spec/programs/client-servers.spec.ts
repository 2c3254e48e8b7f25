import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { type ForeignServer, requireServer, serverKinds, startForeignServer } from '../support/foreign-server.ts';

const PATIENCE_MS = 60_000;

describe('the client program with servers of others', () => {
  const scene = clientScene();
  let server: ForeignServer | undefined;

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  for (const kind of serverKinds) {
    for (const scheme of ['ftp', 'ftpes'] as const) {
      it(
        `sends, lists, renames, fetches and removes on ${kind} over ${scheme}`,
        async () => {
          requireServer(kind);
          const tls = scheme === 'ftpes';
          const started = await startForeignServer(kind, { tls });
          server = started;
          const content = randomBytes(300_000);
          writeFileSync(join(scene().near, 'a b'), content);
          const trust = tls ? ['--tls-ca', join(started.home, 'certificate.pem')] : [];
          const commands = 'mkdir x; cd x; put "a b"; put "a b"; ls; mv "a b" c; get c; get c; rm c; cd ..; rm x; ls';
          const { status, stdout, stderr } = await scene().start({ ...started, scheme }, commands, '--json', ...trust)
            .ended;
          expect(status)
            .withContext(stdout + stderr)
            .toBe(0);
          const facts = factsIn(stdout);
          const states = facts
            .filter(({ command }) => command === 'put' || command === 'get')
            .map(({ state }) => state);
          expect(states).toEqual(['moved', 'complete', 'moved', 'complete']);
          const [first, last] = facts.filter(({ command }) => command === 'ls');
          expect(first?.['entries']).toEqual([jasmine.objectContaining({ name: 'a b', kind: 'file', size: 300_000 })]);
          expect(last?.['entries']).toEqual([]);
          expect(readFileSync(join(scene().near, 'c')).equals(content)).toBeTrue();
        },
        PATIENCE_MS,
      );
    }
  }

  it(
    'C3, C4: goes on by the hash that ProFTPD tells, in either direction, and refuses a changed file',
    async () => {
      requireServer('proftpd');
      const started = await startForeignServer('proftpd');
      server = started;
      const content = randomBytes(1_000_000);
      const near = (name: string) => join(scene().near, name);
      writeFileSync(near('a'), content);
      writeFileSync(near('half'), content.subarray(0, 400_000));
      expect((await scene().start(started, 'put half a').ended).status).toBe(0);
      const sent = await scene().start(started, 'put a', '--json').ended;
      expect(factsIn(sent.stdout)[0]).toEqual(jasmine.objectContaining({ resumedAt: 400_000, verified: true }));
      writeFileSync(near('b.part'), content.subarray(0, 600_000));
      const fetched = await scene().start(started, 'get a b', '--json').ended;
      expect(factsIn(fetched.stdout)[0]).toEqual(jasmine.objectContaining({ resumedAt: 600_000, verified: true }));
      expect(readFileSync(near('b')).equals(content)).toBeTrue();
      writeFileSync(near('c.part'), randomBytes(600_000));
      expect((await scene().start(started, 'get a c').ended).status).toBe(4);
    },
    PATIENCE_MS,
  );
});
