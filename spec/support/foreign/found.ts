import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { proftpd } from './proftpd.ts';
import { pureFtpd } from './pure-ftpd.ts';
import type { Owner, Recipe, ServerKind } from './recipe.ts';
import { vsftpd } from './vsftpd.ts';

/** Every kind of foreign server, for tables of specs. */
export const serverKinds: readonly ServerKind[] = ['vsftpd', 'proftpd', 'pure-ftpd'];

/** What is particular to each kind. */
export const recipes: Readonly<Record<ServerKind, Recipe>> = { vsftpd, proftpd, 'pure-ftpd': pureFtpd };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Why a kind of server cannot be started here, or `undefined` when it can.
 *
 * Its programs are looked for below $FOREIGN_FTP_SERVERS, a folder with unpacked packages, or else where they are when
 * they are installed.
 */
export function missingServer(kind: ServerKind, environment: Environment = process.env): string | undefined {
  const root = serversRoot(environment);
  const lost = recipes[kind].programs.map((program) => join(root, program)).find((path) => !isProgram(path));
  if (lost !== undefined) return `${kind} is not here: no ${lost} (see docs/guides/testing.md)`;
  if (!onPath('openssl', environment)) return `${kind} cannot be set up: no openssl on the PATH`;
  if (process.getuid?.() !== 0)
    return `${kind} cannot be started: it changes root folder and user, which only root may`;
  return undefined;
}

/**
 * To be called first in a spec, or in its `beforeEach`, that needs a foreign server.
 *
 * Where it is missing the spec is pending and says why; with CI=true it fails, for there the server was installed just
 * before, and specs that nobody runs are no specs.
 */
export function requireServer(kind: ServerKind, environment: Environment = process.env): void {
  requireNothingMissing(missingServer(kind, environment), environment);
}

/** The same for a spec that needs a certificate of its own, which only openssl can make. */
export function requireOpenssl(environment: Environment = process.env): void {
  const why = onPath('openssl', environment) ? undefined : 'there is no openssl on the PATH to make a certificate with';
  requireNothingMissing(why, environment);
}

/** The same for a spec that looks at what a program asks of the system. */
export function requireStrace(environment: Environment = process.env): void {
  requireProgram('strace', environment);
}

/** The same for a spec that runs any other program. */
export function requireProgram(name: string, environment: Environment = process.env): void {
  requireNothingMissing(onPath(name, environment) ? undefined : `there is no ${name} on the PATH`, environment);
}

/** The same for a spec that runs Perl with a module that may be a package of its own. */
export function requirePerlModule(name: string, environment: Environment = process.env): void {
  requireProgram('perl', environment);
  const { status } = spawnSync('perl', [`-M${name}`, '-e', '1'], { stdio: 'ignore' });
  requireNothingMissing(status === 0 ? undefined : `Perl has no module ${name}`, environment);
}

function requireNothingMissing(why: string | undefined, { CI }: Environment): void {
  if (why === undefined) return;
  if (CI === 'true') throw new Error(why);
  pending(why);
}

/** The folder that the packages of the servers were unpacked into; `/` when they are installed. */
export function serversRoot(environment: Environment = process.env): string {
  const { FOREIGN_FTP_SERVERS: unpacked = '' } = environment;
  return unpacked === '' ? '/' : unpacked;
}

/** What a server is run with: its own libraries where they are unpacked beside it, and names in UTF-8. */
export function serverEnvironment(root: string): Record<string, string> {
  const plain = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  if (root === '/') return plain;
  const below = join(root, 'usr/lib');
  const own = readdirSync(below).filter((name) => name.endsWith('-linux-gnu'));
  return { ...plain, LD_LIBRARY_PATH: [...own.map((name) => join(below, name)), below].join(delimiter) };
}

/**
 * The account the servers drop their rights to: `daemon`, which the Linux Standard Base demands of every Linux.
 *
 * An account of our own would have to be made, and two runs at once could trip over each other making it. The number of
 * `nobody` is not to be had in containers that map few numbers.
 */
export function owner(): Owner {
  const [name = '', , uid, gid] = fieldsOf('/etc/passwd', ([account]) => account === 'daemon');
  if (name === '') throw new Error('there is no account daemon in /etc/passwd');
  const [group = ''] = fieldsOf('/etc/group', ([, , id]) => id === gid);
  return { name, group, uid: Number(uid), gid: Number(gid) };
}

function fieldsOf(file: string, wanted: (fields: readonly string[]) => boolean): readonly string[] {
  const all = readFileSync(file, 'utf8').split('\n');
  return all.map((line) => line.split(':')).find(wanted) ?? [];
}

function onPath(program: string, environment: Environment): boolean {
  const { PATH = '' } = environment;
  return PATH.split(delimiter).some((folder) => isProgram(join(folder, program)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
