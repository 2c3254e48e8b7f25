import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { codeOf } from '../../lib/base/coded-error.ts';

/** The ports of all TCP sockets that this process holds, both its own ends and the other ones (proc(5)). */
export function tcpPortsOfThisProcess(): { readonly local: ReadonlySet<number>; readonly remote: ReadonlySet<number> } {
  const mine = new Set(readdirSync('/proc/self/fd').map(inodeOf));
  const rows = ['tcp', 'tcp6']
    .flatMap((family) => readFileSync(`/proc/self/net/${family}`, 'utf8').trim().split('\n').slice(1))
    .map((row) => row.trim().split(/ +/))
    .filter(([, , , , , , , , , inode]) => mine.has(inode));
  return { local: new Set(rows.map(([, end]) => portOf(end))), remote: new Set(rows.map(([, , end]) => portOf(end))) };
}

/** What everybody on this machine may learn of a process: its arguments and, as its owner, its environment. */
export interface ProcessFacts {
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

/** All processes that a process started, and those they started; without the process itself. */
export function descendantsOf(pid: number): readonly ProcessFacts[] {
  return childrenOf(pid).flatMap((child) => [factsOf(child), ...descendantsOf(child)]);
}

/** Is there such a process? One that has ended and waits for its parent to take notice is none. */
export function isRunning(pid: number): boolean {
  // The state comes behind the name, which is in parentheses and may hold anything.
  const state = read(pid, 'stat').split(') ').at(-1)?.charAt(0) ?? '';
  return state !== '' && state !== 'Z' && state !== 'X';
}

/** How long a process has worked so far, in ms, all its threads together; what it waited for others is not in it. */
export function processorTimeOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => read(pid, `task/${thread}/schedstat`));
  return threads.reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1_000_000;
}

/** The most memory that a process has held since {@link forgetPeak}, in bytes (proc(5)). */
export function peakMemoryOf(pid: number): number {
  return Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(read(pid, 'status'))?.[1]) * 1024;
}

/** From now on the most memory is what it holds now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function factsOf(pid: number): ProcessFacts {
  return { pid, commandLine: read(pid, 'cmdline'), environment: read(pid, 'environ') };
}

/** The processes that a process started, those that they started left out. */
export function childrenOf(pid: number): readonly number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) => read(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number));
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    // It, or one of its threads, has ended since it was found.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return '';
    throw error;
  }
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
