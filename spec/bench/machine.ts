import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { repository } from '../documents/pages.ts';
import { serverEnvironment, serversRoot } from '../support/foreign/found.ts';
import { findPyftpdlib } from './server/pyftpdlib.ts';

type Fact = readonly [name: string, value: string];

/** What the figures depend on: name and value. */
export function surroundings(): readonly Fact[] {
  return [
    ...ofMachine(),
    ['lftp', firstVersion('lftp', '--version')],
    ['rclone', firstVersion('rclone', 'version')],
    ['basic-ftp', packageVersion('basic-ftp')],
    ...ofServers(),
  ];
}

/** The same for the benchmark of servers. */
export function serverSurroundings(): readonly Fact[] {
  return [...ofMachine(), ...ofServers(), ['pyftpdlib', findPyftpdlib()?.version ?? 'unknown']];
}

/** The same for the benchmark of sharing. @param folder where the shares are */
export function shareSurroundings(folder: string): readonly Fact[] {
  const [, fileSystem = 'unknown'] = execFileSync('df', ['--output=fstype', folder], { encoding: 'utf8' }).split('\n');
  const programs = ['syncthing', 'rsync'].map((name): Fact => [name, firstVersion(name, '--version')]);
  return [...ofMachine(), ...programs, ['file system', fileSystem.trim()]];
}

function ofMachine(): readonly Fact[] {
  const [cpu] = cpus();
  return [
    ['date', new Date().toISOString().slice(0, 10)],
    ['commit', git('rev-parse', '--short=12', 'HEAD')],
    ['machine', `${cpus().length} cores of ${cpu?.model.trim() ?? 'an unknown kind'}, ${gib(totalmem())} GiB`],
    ['system', `${systemName()}, Linux ${release()}`],
    ['Node', process.version],
  ];
}

function ofServers(): readonly Fact[] {
  return [
    ['vsftpd', serverVersion('usr/sbin/vsftpd')],
    ['ProFTPD', serverVersion('usr/sbin/proftpd')],
  ];
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(0);
}

function systemName(): string {
  const [, name = 'Linux'] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  return name;
}

function packageVersion(name: string): string {
  const text = readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function serverVersion(program: string): string {
  const root = serversRoot();
  return firstVersion(join(root, program), '-v', serverEnvironment(root));
}

/** The first thing a program says that looks like a version; vsftpd says it to its standard input. */
function firstVersion(program: string, option: string, env: NodeJS.ProcessEnv = process.env): string {
  const { stdout } = spawnSync('sh', ['-c', '"$0" "$1" 0>&1 2>&1', program, option], { env, encoding: 'utf8' });
  return /\d+\.\d+[.\w+-]*/.exec(stdout)?.[0] ?? 'unknown';
}
