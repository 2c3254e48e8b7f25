import { createHash } from 'node:crypto';
import { once as listening } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { FarShell } from '../../lib/far/far-shell.ts';
import type { ContentSink } from '../../lib/far/reception.ts';
import { type FarSide, farSideKinds, startFarSide } from '../support/far-side.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

/** A sink that keeps what comes. */
function bucket(): ContentSink & { content(): Buffer } {
  const kept: Buffer[] = [];
  return {
    write: async (pieces) => void kept.push(...pieces),
    content: () => Buffer.concat(kept),
  };
}

function bytes(length: number): Buffer {
  const content = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4096) createHash('sha256').update(`${at}`).digest().copy(content, at);
  return content;
}

/** A port that leads to a control connection; what the server says is changed on the way. */
function relayTo(port: number, changed: (text: string) => string): Server {
  const relay = createServer((from) => {
    const on = connect(port, '127.0.0.1').on('error', () => from.destroy());
    from.on('error', () => on.destroy()).pipe(on);
    on.on('data', (data) => from.write(changed(data.toString()))).on('end', () => from.end());
  });
  return relay.listen(0, '127.0.0.1');
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await listening(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

for (const kind of farSideKinds) {
  describe(`FarShell on ${kind}`, () => {
    let side: FarSide;
    let shell: FarShell;

    beforeEach(async () => {
      side = await startFarSide(kind);
      // What is there belongs to whom the server works as.
      const { uid, gid } = statSync(side.dataFolder);
      mkdirSync(join(side.dataFolder, 'sub'));
      writeFileSync(join(side.dataFolder, 'sub', 'file'), 'content');
      for (const path of ['sub', 'sub/file']) chownSync(join(side.dataFolder, path), uid, gid);
      utimesSync(join(side.dataFolder, 'sub', 'file'), 1_600_000_000, 1_600_000_000);
      shell = await shellAt(side.port);
    });
    afterEach(async () => {
      await shell?.disconnect();
      await side?.stop();
    });

    async function shellAt(port: number): Promise<FarShell> {
      const { host, user, password } = side;
      const site = { protocol: 'ftp', host, port, user, password, directory: '' } as const;
      const opened = new FarShell({ site, rules: talkRules });
      await opened.connect();
      return opened;
    }

    it('goes from folder to folder, and stays where it is when there is no such folder', async () => {
      const home = shell.cwd;
      expect(await shell.cd('sub')).toBe(shell.absolute('.'));
      expect((await refusalOf(shell.cd('none'))).code).toBe('E_MISSING');
      expect(shell.cwd).toBe(`${home === '/' ? '' : home}/sub`);
      await shell.cd('..');
      expect(shell.cwd).toBe(home);
      await shell.cd('/../..');
      expect(shell.cwd).toBe('/');
    });

    it('lists a folder with kinds, sizes, times and rights, and finds one entry', async () => {
      const { entries } = await shell.list();
      expect(entries.map(({ name, kind: of }) => [name, of])).toContain(['sub', 'directory']);
      const [file] = (await shell.list('sub')).entries;
      expect([file?.name, file?.kind, file?.size]).toEqual(['file', 'file', 7]);
      expect(await shell.version('sub/file')).toEqual({ size: 7, mtimeMs: 1_600_000_000_000 });
      expect(await shell.entry('sub/file')).toEqual(jasmine.objectContaining({ kind: 'file', size: 7 }));
      expect(await shell.entry('sub/none')).toBeUndefined();
      expect((await refusalOf(shell.list('none'))).code).toBe('E_MISSING');
    });

    for (const way of ['by what the server offers', 'where it does not tell of MLST']) {
      it(`finds a file in a folder that may be entered and not read, ${way}`, async () => {
        chmodSync(join(side.dataFolder, 'sub'), 0o311);
        const relay = way.includes('not tell')
          ? relayTo(side.port, (text) => text.replace(' MLST ', ' NONE '))
          : undefined;
        try {
          const seen = relay === undefined ? shell : await shellAt(await portOf(relay));
          expect(seen.features.has('MLST')).toBe(relay === undefined && shell.features.has('MLST'));
          const listed = await seen.list('sub').then(
            ({ entries }) => entries.length,
            () => 0,
          );
          // Nothing is closed to root.
          expect(listed).toBe(statSync(side.dataFolder).uid === 0 ? 1 : 0);
          expect(await seen.entry('sub/file')).toEqual(jasmine.objectContaining({ kind: 'file', size: 7 }));
          expect(await seen.entry('sub/none')).toBeUndefined();
          if (seen !== shell) await seen.disconnect();
        } finally {
          relay?.close();
        }
      });
    }

    it('brings a file, and what lies behind so many bytes of it, into a sink', async () => {
      const content = bytes(3 * 1024 * 1024 + 1);
      writeFileSync(join(side.dataFolder, 'large'), content);
      const [whole, rest] = [bucket(), bucket()];
      expect(await shell.get('large', whole)).toBe(content.length);
      expect(await shell.get('large', rest, 2_000_000)).toBe(content.length - 2_000_000);
      expect(whole.content().equals(content)).toBeTrue();
      expect(rest.content().equals(content.subarray(2_000_000))).toBeTrue();
      expect((await refusalOf(shell.get('none', bucket()))).code).toBe('E_REFUSED');
      expect((await shell.version('sub/file')).size).toBe(7);
    });

    it('begins at the begin behind a transfer in the middle that was refused', async () => {
      expect((await refusalOf(shell.get('none', bucket(), 3))).code).toBe('E_REFUSED');
      expect((await refusalOf(shell.put(once(Buffer.from('x')), 'none/new', 3))).code).toBe('E_REFUSED');
      const whole = bucket();
      expect(await shell.get('sub/file', whole)).toBe(7);
      await shell.put(once(Buffer.from('other')), 'new', 'begin');
      expect(readFileSync(join(side.dataFolder, 'new'), 'utf8')).toBe('other');
    });

    it('puts content in place of a file, behind some bytes of it, and behind all', async () => {
      await shell.put(once(Buffer.from('first')), 'new', 'begin');
      await shell.put(once(Buffer.from('RST and')), 'new', 2);
      await shell.put(once(Buffer.from(' more')), 'new', 'end');
      expect(readFileSync(join(side.dataFolder, 'new'), 'utf8')).toBe('fiRST and more');
    });

    it('makes, renames and removes', async () => {
      await shell.mkdir('made');
      await shell.rename('sub/file', 'made/moved');
      await shell.remove('made/moved');
      await shell.rmdir('made');
      expect(await shell.entry('made')).toBeUndefined();
      expect((await refusalOf(shell.rmdir('made'))).code).toBe('E_REFUSED');
    });

    it('changes the rights of a file', async () => {
      await shell.chmod('sub/file', '600');
      expect(statSync(join(side.dataFolder, 'sub', 'file')).mode & 0o777).toBe(0o600);
    });

    it('breaks off what it brings, and keeps its session', async () => {
      writeFileSync(join(side.dataFolder, 'large'), bytes(64 * 1024 * 1024));
      const reason = new Error('enough');
      const abort = new AbortController();
      const sink = { write: async () => abort.abort(reason) };
      await expectAsync(shell.get('large', sink, 0, { signal: abort.signal })).toBeRejectedWith(reason);
      expect((await shell.version('sub/file')).size).toBe(7);
    });

    it('sends other commands as they are, and none that belong to a transfer', async () => {
      expect((await shell.quote('NOOP')).code).toBe(200);
      expect((await shell.quote('NONSENSE')).code).toBeGreaterThanOrEqual(500);
      expect((await refusalOf(shell.quote('RETR file'))).code).toBe('E_REFUSED');
    });

    it('goes on with another connection when the one it had is broken off', async () => {
      shell.breakOff();
      expect((await shell.version('sub/file')).size).toBe(7);
    });
  });
}
