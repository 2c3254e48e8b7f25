import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

  /** Folders of the account that the server runs as, each with its rights. */
  function closedFolders({ dataFolder }: ForeignServer): void {
    const { uid, gid } = statSync(dataFolder);
    for (const [name, rights] of [
      ['unread', 0o311],
      ['unentered', 0o644],
      ['closed', 0o000],
    ] as const) {
      mkdirSync(join(dataFolder, name));
      chownSync(join(dataFolder, name), uid, gid);
      chmodSync(join(dataFolder, name), rights);
    }
  }

  for (const kind of serverKinds) {
    it(
      `mirror -e removes nothing here for folders of the site that may not be looked into, on ${kind}`,
      async () => {
        requireServer(kind);
        server = await startForeignServer(kind);
        closedFolders(server);
        const names = ['unread', 'unentered', 'closed'].map((name) => join(scene().near, name));
        for (const name of names) {
          mkdirSync(name);
          writeFileSync(join(name, 'mine'), 'mine');
        }
        const { status, stdout, stderr } = await scene().start(server, 'mirror -e').ended;
        expect(names.map((name) => existsSync(join(name, 'mine'))))
          .withContext(stdout + stderr)
          .toEqual([true, true, true]);
        expect(status).toBe(1);
        expect(stderr).not.toContain('There is no folder');
      },
      PATIENCE_MS,
    );

    it(
      `says of a folder that may not be looked into that it is there, on ${kind}`,
      async () => {
        requireServer(kind);
        server = await startForeignServer(kind);
        closedFolders(server);
        for (const name of ['unread', 'unentered', 'closed']) {
          for (const command of [`ls ${name}`, `mirror ${name} here`, `mirror -R -n . ${name}`]) {
            const { status, stdout, stderr } = await scene().start(server, command).ended;
            expect([status, stdout]).withContext(`${command}: ${stderr}`).toEqual([1, '']);
            expect(stderr).withContext(command).not.toContain('There is no folder');
          }
        }
      },
      PATIENCE_MS,
    );
  }
});
