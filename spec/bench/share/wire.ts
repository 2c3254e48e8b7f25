import { readFileSync } from 'node:fs';

/** How many bytes peers have sent each other so far, with all headers: all that went over the loopback of this network. */
export function wireBytes(): number {
  return loopbackBytes(readFileSync('/proc/self/net/dev', 'utf8'));
}

/** @param text of /proc/net/dev: behind the name come the bytes that were received, which on a loopback are those that were sent */
export function loopbackBytes(text: string): number {
  return Number(/^ *lo: *(\d+)/m.exec(text)?.[1]);
}

/** What was seen of the wire: at a time in ms, so many bytes in all. */
export interface WireLook {
  readonly atMs: number;
  readonly bytes: number;
}

// Long enough to hold many looks, and short beside the second that a program may take to be back.
const WINDOW_MS = 100;

/**
 * When is the wire as busy again as it was? Half of the rate counts as that: the last rates before a kill differ by as much.
 *
 * @param looks in order
 * @param bytesPerMs the rate before
 * @returns the time of the first look of the first window that is so busy, or of the last look when none is
 */
export function backAtRate(looks: readonly WireLook[], bytesPerMs: number): number {
  for (const [index, first] of looks.entries()) {
    const last = looks.slice(index).find(({ atMs }) => atMs >= first.atMs + WINDOW_MS);
    if (last === undefined) break;
    if (last.bytes - first.bytes >= (bytesPerMs / 2) * (last.atMs - first.atMs)) return first.atMs;
  }
  return looks.at(-1)?.atMs ?? 0;
}
