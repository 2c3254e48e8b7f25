import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { TlsRules } from '../../lib/far/transfer-jobs.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';
import type { Transport } from '../../lib/transfer/transport.ts';
import { makeCertificate, pinOf } from '../support/foreign/openssl.ts';
import { requireOpenssl } from '../support/foreign-server.ts';
import { type Script, type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { talkTo } from './tls-scene.ts';

/** A mirror and its server, and somebody else who gets all data connections but the first. */
interface Misled {
  readonly server: ScriptedServer;
  readonly talk: Transport;
  /** What the server had been sent when it told where to go: the last line of each time but the first. */
  readonly ahead: readonly string[];
}

describe('TLS, when somebody on the way takes a data connection that was asked for ahead,', () => {
  const own = temporaryFolder();
  const other = temporaryFolder();
  let closing: (() => unknown)[] = [];

  beforeEach(() => {
    requireOpenssl(process.env);
    makeCertificate(own());
    makeCertificate(other());
  });

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  async function misled(rules: TlsRules, says: (socket: Socket) => void, script: Script): Promise<Misled> {
    const thief = createServer(identityIn(other()), says).on('tlsClientError', () => undefined);
    thief.listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const address = thief.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ahead: string[] = [];
    const EPSV = async ({ before, ordinary }: ScriptedCommand) => {
      if (before === 0) return ordinary();
      ahead.push(server.commands.at(-1) ?? '');
      return `229 come (|||${port}|)`;
    };
    const server = await ScriptedServer.start({ ...script, EPSV }, undefined, identityIn(own()));
    const talk = talkTo({ ...server.site, protocol: 'ftps' }, rules, 'A', 1);
    closing.push(
      () => thief.close(),
      () => server.stop(),
      () => talk.disconnect(),
    );
    return { server, talk, ahead };
  }

  const ways: Readonly<Record<string, () => TlsRules>> = {
    authority: () => ({ ca: readFileSync(join(own(), 'certificate.pem'), 'utf8') }),
    key: () => ({ pins: [pinOf(own()).slice('sha256/'.length)] }),
  };
  for (const [by, rules] of Object.entries(ways)) {
    it(`for files, he gets nothing where the server is known by its ${by}`, async () => {
      const got: string[] = [];
      const takes = (socket: Socket) => void socket.on('data', (data) => got.push(`${data}`));
      const STOR = async (command: ScriptedCommand) => (command.before === 0 ? command.ordinary() : '150 send');
      const { server, talk, ahead } = await misled(rules(), takes, { STOR });
      const ends = await Promise.allSettled(
        ['first', 'second', 'third'].map((path) => {
          const source = join(own(), path);
          writeFileSync(source, path);
          return talk.upload({ path, source, size: path.length, mtimeMs: 0 });
        }),
      );
      expect(ends.map(codeOfEnd)).toEqual([undefined, 'E_TLS', 'E_TLS']);
      expect(ahead[0]).toMatch(/^STOR /);
      expect(got).toEqual([]);
      expect([...server.files.keys()]).toEqual(['/first']);
    });

    it(`for listings, he is not believed where the server is known by its ${by}`, async () => {
      const MLSD = async (command: ScriptedCommand) =>
        command.before === 0 ? command.ordinary() : '150 listen\n226 that is all';
      const { server, talk, ahead } = await misled(rules(), (socket) => void socket.end('type=file;size=1; lie\r\n'), {
        MLSD,
      });
      for (const folder of ['/a', '/b', '/c']) server.folders.add(folder);
      expect(await talk.list('')).toHaveSize(3);
      const ends = await Promise.allSettled(['a', 'b', 'c'].map((folder) => talk.list(folder)));
      expect(ends.map(codeOfEnd)).toEqual(['E_TLS', 'E_TLS', 'E_TLS']);
      expect(ahead[0]).toBe('MLSD');
    });
  }

  function identityIn(folder: string): { key: Buffer; cert: Buffer } {
    return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'certificate.pem')) };
  }
});

function codeOfEnd(end: PromiseSettledResult<unknown>): string | undefined {
  if (end.status === 'fulfilled') return undefined;
  return end.reason instanceof TransferError ? end.reason.code : String(end.reason);
}
