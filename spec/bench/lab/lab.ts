import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../../lib/base/coded-error.ts';
import { repository } from '../../documents/pages.ts';

/** Where servers and clients of a row meet: a network of its own, in which nobody else is. */
export interface Lab {
  /** Where servers have to listen. */
  readonly host: string;
  /** Words that stand before a command that is to run at the clients' end of the line. */
  readonly atClients: readonly string[];
  /** How many connections the clients have tried to open so far. */
  opened(): number;
  /** Take the line away. Closing twice is harmless. */
  close(): void;
}

const DELAY_LINE = join(repository, 'spec/bench/lab/delay-line.py');
// Debian's own: another one that is found first may have been built without what it needs.
const PYTHON = '/usr/bin/python3';
const CLIENTS = '10.77.0.1';
const SERVERS = '10.77.0.2';
// All that is under way on the line when it is full must have room; with the usual 500 packets there would be losses.
const QUEUE = '20000';

/** Words that stand before a command that gets a network of its own: {@link openLab} needs that. */
export const inOwnNetwork = ['unshare', '--net'] as const;

/** Why there can be no lab here, or `undefined`: in one line, with what to do. */
export function missingForLab(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are known to Linux only';
  const tried = spawnSync(inOwnNetwork[0], [...inOwnNetwork.slice(1), 'ip', 'link']);
  if (tried.error || tried.status !== 0) {
    return `no network namespace can be made (${inOwnNetwork.join(' ')} ip link): root, util-linux and iproute2 are needed`;
  }
  return undefined;
}

/** Why there can be no delay line here, or `undefined`. */
export function missingForDelay(): string | undefined {
  for (const path of ['/dev/net/tun', PYTHON]) {
    try {
      accessSync(path);
    } catch {
      return `there is no ${path}, which the delay line needs`;
    }
  }
  return undefined;
}

/**
 * Make the lab: this process is at the servers' end of it.
 *
 * With a line it must have been started in a network of its own ({@link inOwnNetwork}). All of the lab, devices and networks, ends
 * with this process, however that ends; so nothing has to be cleaned up.
 *
 * @param roundTripMs 0: there is no line, and the clients run beside the servers
 */
export async function openLab(roundTripMs: number): Promise<Lab> {
  if (!('lo' in networkInterfaces())) ip('link', 'set', 'lo', 'up');
  if (roundTripMs === 0)
    return { host: '127.0.0.1', atClients: [], opened: () => openedBy('self'), close: () => undefined };
  const line = spawn('unshare', ['--net', PYTHON, DELAY_LINE, String(roundTripMs / 2), 'near', 'far'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [said] = (await Promise.race([once(line.stdout, 'data'), once(line, 'exit')])) as [Buffer | number];
    if (String(said).trim() !== 'up') throw new Error(`it ended with status ${said}`);
    const { pid = 0 } = line;
    const atClients = ['nsenter', `--net=/proc/${pid}/ns/net`];
    layOut(atClients);
    return { host: SERVERS, atClients, opened: () => openedBy(pid), close: () => void line.kill() };
  } catch (error) {
    line.kill();
    throw new Error(`the delay line cannot be laid: ${messageOf(error)}`, { cause: error });
  }
}

function layOut(atClients: readonly string[]): void {
  at(atClients, 'link', 'set', 'far', 'netns', String(process.pid));
  at(atClients, 'link', 'set', 'lo', 'up');
  at(atClients, 'address', 'add', CLIENTS, 'peer', SERVERS, 'dev', 'near');
  at(atClients, 'link', 'set', 'near', 'txqueuelen', QUEUE, 'up');
  ip('address', 'add', SERVERS, 'peer', CLIENTS, 'dev', 'far');
  ip('link', 'set', 'far', 'txqueuelen', QUEUE, 'up');
}

function ip(...args: readonly string[]): void {
  at([], ...args);
}

function at(end: readonly string[], ...args: readonly string[]): void {
  const [program = '', ...rest] = [...end, 'ip', ...args];
  execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
}

// The kernel counts for each network; `ActiveOpens` are those that were begun here.
function openedBy(pid: number | 'self'): number {
  const lines = readFileSync(`/proc/${pid}/net/snmp`, 'utf8').split('\n');
  const [names = [], values = []] = lines.filter((line) => line.startsWith('Tcp:')).map((line) => line.split(' '));
  return Number(values[names.indexOf('ActiveOpens')]);
}
