import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../lib/base/coded-error.ts';
import { missingServer, owner, recipes, serverEnvironment, serversRoot } from './foreign/found.ts';
import { freePort } from './foreign/free-port.ts';
import { greeting } from './foreign/greeting.ts';
import { makeCertificate } from './foreign/openssl.ts';
import { ForeignProgram } from './foreign/program.ts';
import type { ForeignServerOptions, ServerKind, Setup } from './foreign/recipe.ts';

export { missingServer, requireOpenssl, requireServer, serverKinds } from './foreign/found.ts';
export type { ForeignServerOptions, ServerKind } from './foreign/recipe.ts';

/** A running FTP server that was written by others, with one account that may do all in one folder. */
export interface ForeignServer {
  readonly kind: ServerKind;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What the user sees as `/`; it and all in it belongs to another account of the system. */
  readonly dataFolder: string;
  /** Where its certificate is, with TLS: `certificate.pem`. */
  readonly home: string;
  /** The process that listens. */
  readonly pid: number;
  /** All it has written so far, for a person who looks for the reason of a failure. */
  log(): string;
  /** End it with all its sessions and remove its folder. Stopping twice is harmless. */
  stop(): Promise<void>;
}

/**
 * Start a foreign server on a free port of 127.0.0.1 or of another address of this machine, with a folder and a password of its own.
 *
 * Any number of them run side by side; the ports of passive data connections are the kernel's choice (ProFTPD,
 * Pure-FTPd) or tried until one is free (vsftpd), never a range that two could share.
 *
 * @returns the server, as soon as it greets
 * @throws Error with the server's log when it cannot be started; nothing is left behind then
 */
export async function startForeignServer(kind: ServerKind, options: ForeignServerOptions = {}): Promise<ForeignServer> {
  const why = missingServer(kind);
  if (why !== undefined) throw new Error(why);
  // The free port may be taken by another before the server has it.
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToStart(kind, options);
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

async function tryToStart(kind: ServerKind, options: ForeignServerOptions): Promise<ForeignServer> {
  const home = mkdtempSync(join(options.below ?? tmpdir(), `filesmirror-${kind}-`));
  const logs = () => recipes[kind].logs.map((name) => textOf(join(home, name))).join('');
  let program: ForeignProgram | undefined;
  try {
    const setup = await makeSetup(home, options);
    const started = new ForeignProgram(home, recipes[kind].prepare(setup), setup.environment);
    program = started;
    // 20 s: a loaded machine needs two of them; after that something is wrong.
    await greeting(setup, AbortSignal.any([started.endSignal(), AbortSignal.timeout(20_000)]));
    const { host, port, user, password, dataFolder } = setup;
    return {
      ...{ kind, host, port, user, password, dataFolder, home, pid: started.pid },
      log: () => started.output + logs(),
      stop: () => stop(kind, home, started),
    };
  } catch (error) {
    const log = `${program?.output ?? ''}${logs()}`;
    await stop(kind, home, program);
    throw new Error(`${kind} did not start: ${messageOf(error)}\n${log}`, { cause: error });
  }
}

async function makeSetup(home: string, options: ForeignServerOptions): Promise<Setup> {
  const { tls = false, sessionReuse = true, maxClients = 200, clientAuthority } = options;
  const { host = '127.0.0.1', logsCommands = true, logsTransfers = false, passivePorts } = options;
  // The servers pass through it after they have dropped their rights.
  chmodSync(home, 0o755);
  const dataFolder = join(home, 'data');
  const account = owner();
  mkdirSync(dataFolder);
  chownSync(dataFolder, account.uid, account.gid);
  if (tls) makeCertificate(home, options.certificate);
  if (clientAuthority !== undefined) copyFileSync(clientAuthority, join(home, 'clients.pem'));
  return {
    ...{
      home,
      dataFolder,
      owner: account,
      maxClients,
      sessionReuse,
      tls,
      host,
      logsCommands,
      logsTransfers,
      passivePorts,
    },
    demandsCertificate: clientAuthority !== undefined,
    port: await freePort(host),
    user: 'someone',
    password: randomBytes(12).toString('hex'),
    installed: (path) => join(serversRoot(), path),
    environment: serverEnvironment(serversRoot()),
  };
}

async function stop(kind: ServerKind, home: string, program: ForeignProgram | undefined): Promise<void> {
  const left = recipes[kind].leftBehind?.(program?.sessions() ?? []) ?? [];
  await program?.stop();
  for (const path of [home, ...left]) rmSync(path, { recursive: true, force: true });
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
