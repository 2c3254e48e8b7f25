import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../documents/pages.ts';
import { freePort } from '../../support/foreign/free-port.ts';
import { greeting } from '../../support/foreign/greeting.ts';
import { ForeignProgram } from '../../support/foreign/program.ts';
import { missingServer, startForeignServer } from '../../support/foreign-server.ts';
import { RunningProgram } from '../../support/run-program.ts';
import { findPyftpdlib } from './pyftpdlib.ts';

/** A server that is measured, while it runs. */
export interface BenchedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What its user sees as `/`; the least server has none. */
  readonly dataFolder: string | undefined;
  /** The process that listens. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where a server may leave something. */
export interface BenchPlace {
  /** A folder of this server alone. */
  readonly folder: string;
  /** What the least server sends. */
  readonly source: string;
}

/** Who takes part; the least server is no contestant but what there is to be reached at all. */
export const serverNames = ['ours', 'vsftpd', 'ProFTPD', 'pyftpdlib', 'least server'] as const;

export type ServerName = (typeof serverNames)[number];

const HOST = '127.0.0.1';

/** How each is started. */
export const starters: Readonly<Record<ServerName, (place: BenchPlace) => Promise<BenchedServer>>> = {
  ours: startOurs,
  vsftpd: ({ folder }) => startForeign('vsftpd', folder),
  ProFTPD: ({ folder }) => startForeign('proftpd', folder),
  pyftpdlib: (place) => again(() => startPyftpdlib(place)),
  'least server': (place) => again(() => startLeast(place)),
};

/** Why one cannot take part here, or `undefined`. */
export function missingForBench(name: ServerName): string | undefined {
  if (name === 'vsftpd') return missingServer('vsftpd');
  if (name === 'ProFTPD') return missingServer('proftpd');
  if (name !== 'pyftpdlib') return undefined;
  return findPyftpdlib() ? undefined : 'no Python here has it (Debian: apt-get install python3-pyftpdlib)';
}

/** The free port may be taken by another before the server has it. */
async function again(start: () => Promise<BenchedServer>): Promise<BenchedServer> {
  try {
    return await start();
  } catch {
    return start();
  }
}

/** As users start it, with the accounts of the demo. */
async function startOurs({ folder }: BenchPlace): Promise<BenchedServer> {
  const script = join(repository, 'bin/ftp-server.js');
  const data = join(folder, 'server');
  const made = spawnSync(process.execPath, [script, 'init', '--data', data, '--demo'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`init: ${made.stderr}`);
  const program = new RunningProgram(script, { args: ['start', '--data', data, '--port', '0'] });
  const [, port] = await program.waitForLine(/127\.0\.0\.1:(\d+)/);
  return {
    ...{ host: HOST, port: Number(port), user: 'zhangsan', password: '123' },
    dataFolder: join(data, 'docs/zhangsan'),
    pid: program.pid,
    stop: async () => void (await program.stop()),
  };
}

async function startForeign(kind: 'vsftpd' | 'proftpd', below: string): Promise<BenchedServer> {
  return startForeignServer(kind, { below, logsCommands: false, logsTransfers: true });
}

async function startPyftpdlib({ folder }: BenchPlace): Promise<BenchedServer> {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { recursive: true });
  const [port, user, password] = [await freePort(), 'someone', 'a secret'];
  const { program = 'python3' } = findPyftpdlib() ?? {};
  const script = join(repository, 'spec/bench/server/pyftpdlib-server.py');
  const words = [program, script, HOST, String(port), dataFolder, user, join(folder, 'log')] as const;
  return { host: HOST, port, user, password, dataFolder, ...(await startPython(folder, words, { port, password })) };
}

async function startLeast({ folder, source }: BenchPlace): Promise<BenchedServer> {
  const port = await freePort();
  const script = join(repository, 'spec/bench/server/least-server.py');
  const started = await startPython(folder, ['python3', script, HOST, String(port), source], { port });
  return { host: HOST, port, user: 'anybody', password: 'anything', dataFolder: undefined, ...started };
}

/** It greets by then. */
async function startPython(
  home: string,
  command: readonly [program: string, script: string, ...args: string[]],
  { port, password = '' }: { readonly port: number; readonly password?: string },
): Promise<Pick<BenchedServer, 'pid' | 'stop'>> {
  const { PATH = '' } = process.env;
  const program = new ForeignProgram(home, command, { PATH, FTP_PASSWORD: password });
  const signal = AbortSignal.any([program.endSignal(), AbortSignal.timeout(20_000)]);
  try {
    await greeting({ host: HOST, port, tls: false }, signal);
  } catch (cause) {
    await program.stop();
    throw new Error(`${command[1]} did not start: ${program.output}`, { cause });
  }
  return { pid: program.pid, stop: () => program.stop() };
}
