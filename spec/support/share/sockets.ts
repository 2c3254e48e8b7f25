import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** An end of a socket, as `127.0.0.1:21700`. */
type SocketEnd = string;

const LISTENING = '0A';

/** Does somebody listen at this address and port? Seen without a connection, which the other end would take for a stranger. */
export function listensAt(address: string, port: number): boolean {
  return rowsOf('tcp').some(({ near, state }) => state === LISTENING && near === `${address}:${port}`);
}

/** Where a process listens. */
export function listeningOf(pid: number): readonly SocketEnd[] {
  const mine = inodesOf(pid);
  return ['tcp', 'tcp6']
    .flatMap(rowsOf)
    .filter(({ state, inode }) => state === LISTENING && mine.has(inode))
    .map(({ near }) => near);
}

/** The UDP sockets that a process holds. */
export function datagramsOf(pid: number): readonly SocketEnd[] {
  const mine = inodesOf(pid);
  return ['udp', 'udp6']
    .flatMap(rowsOf)
    .filter(({ inode }) => mine.has(inode))
    .map(({ near }) => near);
}

/** What was sent so far, in both directions, by the TCP connections that are open and have one of these addresses at an end. */
export function sentBytes(addresses: readonly string[]): number {
  const ends = addresses.flatMap((address) => [`src ${address}`, `dst ${address}`]).join(' or ');
  // Both ends are on this machine, so that each direction is counted once, by who sends.
  const text = execFileSync('ss', ['-Htin', 'state', 'established', `( ${ends} )`], { encoding: 'utf8' });
  return [...text.matchAll(/ bytes_sent:([0-9]+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

/** proc(5): the address is four bytes in the order of this machine, the port two in the usual one. */
function rowsOf(family: string) {
  const rows = readFileSync(`/proc/net/${family}`, 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const [, near = '', , state = '', , , , , , inode = ''] = row.trim().split(/ +/);
    return { near: endOf(near), state, inode };
  });
}

function endOf(text: string): SocketEnd {
  const [address = '', port = ''] = text.split(':');
  const bytes = [...Buffer.from(address, 'hex')].reverse();
  return `${address.length === 8 ? bytes.join('.') : address}:${Number.parseInt(port, 16)}`;
}

function inodesOf(pid: number): ReadonlySet<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
    } catch {
      // Closed since.
      return '';
    }
  });
  return new Set(links.flatMap((link) => /^socket:\[([0-9]+)\]$/.exec(link)?.slice(1) ?? []));
}
