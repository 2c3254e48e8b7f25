import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The ports of all TCP sockets that this process holds, both its own ends and the other ones (proc(5)). */
export function tcpPortsOfThisProcess(): { readonly local: ReadonlySet<number>; readonly remote: ReadonlySet<number> } {
  const mine = new Set(readdirSync('/proc/self/fd').map(inodeOf));
  const rows = ['tcp', 'tcp6']
    .flatMap((family) => readFileSync(`/proc/self/net/${family}`, 'utf8').trim().split('\n').slice(1))
    .map((row) => row.trim().split(/ +/))
    .filter(([, , , , , , , , , inode]) => mine.has(inode));
  return { local: new Set(rows.map(([, end]) => portOf(end))), remote: new Set(rows.map(([, , end]) => portOf(end))) };
}

/** The process ids of the children of this process, those of their children left out. */
export function childrenOfThisProcess(): readonly number[] {
  return readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function inodeOf(descriptor: string): string | undefined {
  try {
    return /^socket:\[([0-9]+)\]$/.exec(readlinkSync(`/proc/self/fd/${descriptor}`))?.[1];
  } catch {
    // The descriptor by which the folder was read is gone.
    return undefined;
  }
}

function portOf(end = ''): number {
  return Number.parseInt(end.split(':').at(-1) ?? '', 16);
}
