import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { Errand, TlsRules } from '../../lib/far/transfer-jobs.ts';
import { openTransferPool, type PoolKind } from '../../lib/far/transfer-pool.ts';
import type { Site } from '../../lib/ftp/site.ts';
import type { Transport } from '../../lib/transfer/transport.ts';
import { recipes } from '../support/foreign/found.ts';
import { pinOf } from '../support/foreign/openssl.ts';
import {
  type ForeignServer,
  type ForeignServerOptions,
  missingServer,
  type ServerKind,
  serverKinds,
  startForeignServer,
} from '../support/foreign-server.ts';
import { talkRules } from '../support/talk-rules.ts';

/** The two ways to TLS, by the scheme of the site. */
export type TlsProtocol = 'ftpes' | 'ftps';

/** Each server in each way it can. */
export const tlsServers: readonly (readonly [ServerKind, TlsProtocol])[] = serverKinds.flatMap((kind) =>
  recipes[kind].implicitTls
    ? ([
        [kind, 'ftpes'],
        [kind, 'ftps'],
      ] as const)
    : ([[kind, 'ftpes']] as const),
);

/** A server with TLS and what it is trusted by. */
export interface TlsServer {
  readonly foreign: ForeignServer;
  readonly site: Site;
  /** Its certificate in PEM: it is its own authority. */
  readonly ca: string;
  /** Its key as `--tls-pin` takes it, without `sha256/`. */
  readonly pin: string;
  /** How many have tried to log in. */
  logins(): number;
}

export async function startTlsServer(
  kind: ServerKind,
  protocol: TlsProtocol,
  options: Omit<ForeignServerOptions, 'tls'> = {},
): Promise<TlsServer> {
  const foreign = await startForeignServer(kind, { ...options, tls: protocol === 'ftps' ? 'implicit' : true });
  const { host, port, user, password, dataFolder, home } = foreign;
  const { uid, gid } = statSync(dataFolder);
  mkdirSync(join(dataFolder, 'far'));
  chownSync(join(dataFolder, 'far'), uid, gid);
  return {
    foreign,
    site: { protocol, host, port, user, password, directory: 'far' },
    ca: readFileSync(join(home, 'certificate.pem'), 'utf8'),
    pin: pinOf(home).slice('sha256/'.length),
    logins: () => foreign.log().match(/USER someone/g)?.length ?? 0,
  };
}

/** The same server for all specs of the enclosing `describe`; none where the server is missing, which each spec tells. */
export function sharedTlsServer(kind: ServerKind, protocol: TlsProtocol): () => TlsServer {
  let server: TlsServer | undefined;
  beforeAll(async () => {
    if (missingServer(kind) === undefined) server = await startTlsServer(kind, protocol);
  }, 60_000);
  afterAll(() => server?.foreign.stop());
  return () => {
    if (!server) throw new Error('the server was not started');
    return server;
  };
}

/** Who talks to a site by these rules: inline, or through a pool. */
export function talkTo(site: Site, tls: TlsRules, pool: PoolKind | '1' = '1', workers = 2): Transport {
  const errand: Errand = { site, rules: talkRules, tls };
  return pool === '1' ? new TalkToFtp(errand) : new TalkToFtpMulti(errand, openTransferPool(pool, workers));
}

/** Send a file of each size as `f0`, `f1` ... and list them. @returns names and sizes as listed, sorted by name */
export async function sendAll(talk: Transport, folder: string, sizes: readonly number[]): Promise<readonly string[]> {
  await talk.connect();
  await Promise.all(
    sizes.map((size, index) => {
      const source = join(folder, `source${index}`);
      writeFileSync(source, Buffer.alloc(size, 'x'));
      return talk.upload({ path: `f${index}`, source, size, mtimeMs: 0 });
    }),
  );
  return (await talk.list('')).map(({ name, size }) => `${name} ${size}`).sort();
}
