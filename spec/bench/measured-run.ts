import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../lib/base/coded-error.ts';
import { childrenOf } from '../support/processes.ts';
import type { Command } from './contestants/contestant.ts';

/** What a run cost. */
export interface Cost {
  readonly wallSeconds: number;
  /** Of the program and all it started, user and system. */
  readonly cpuSeconds: number;
  /** The most memory that the program and each of its children had at once (RSS), in MiB. */
  readonly parentMiB: number;
  readonly childrenMiB: readonly number[];
}

/** Where a command is run. */
export interface RunPlace {
  /** Words before the command: the end of the line at which it runs. */
  readonly at: readonly string[];
  /** The file that gets what it writes. */
  readonly output: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

// The shell's own stopwatch waits for the program itself and knows the time of all processes it had: nothing of Node
// and of the way into the network is counted.
const STOPWATCH = 'TIMEFORMAT="%R %U %S"; time "$@" 2>&1';
// Memory is asked for so often while it runs; what it grew by at the very end is not seen.
const LOOK_MS = 50;

/**
 * Run a command to its end, and measure.
 *
 * @throws Error with the end of its output when it fails
 */
export async function measure({ words, env }: Command, { at, output, signal }: RunPlace): Promise<Cost> {
  const [program = '', ...args] = [...at, 'bash', '-c', STOPWATCH, 'stopwatch', ...words];
  const file = openSync(output, 'w');
  const child = spawn(program, args, {
    env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', file, 'pipe'],
  });
  closeSync(file);
  const end = () => killGroup(child.pid ?? 0);
  signal.addEventListener('abort', end);
  let told = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  const closed = once(child, 'close');
  const ended = new AbortController();
  const memory = watchMemory(child.pid ?? 0, ended.signal);
  const [status] = (await closed.finally(() => signal.removeEventListener('abort', end))) as [number | null];
  ended.abort();
  signal.throwIfAborted();
  if (status !== 0) throw new Error(`${words.join(' ')}\nended with status ${status}: ${told}${tail(output)}`);
  const [real = NaN, user = NaN, system = NaN] = (told.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallSeconds: real, cpuSeconds: user + system, ...(await memory) };
}

/** It may have ended in this very moment. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** What a process and those that it started need, looked at until the signal. */
async function watchMemory(shell: number, ended: AbortSignal): Promise<Pick<Cost, 'parentMiB' | 'childrenMiB'>> {
  const seen = new Map<number, number>();
  let parent = 0;
  while (!ended.aborted) {
    [parent = parent] = parent === 0 ? family(shell) : [parent];
    for (const pid of parent === 0 ? [] : [parent, ...family(parent)]) {
      seen.set(pid, Math.max(seen.get(pid) ?? 0, peakMiB(pid)));
    }
    await pause(LOOK_MS, undefined, { signal: ended }).catch(() => undefined);
  }
  const { [parent]: parentMiB = 0, ...children } = Object.fromEntries(seen);
  return { parentMiB, childrenMiB: Object.values(children) };
}

function family(pid: number): readonly number[] {
  try {
    return childrenOf(pid);
  } catch {
    // It has just ended.
    return [];
  }
}

/** The most memory a process had so far, in MiB; 0 when it has ended. */
export function peakMiB(pid: number): number {
  try {
    const [, kib = '0'] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  } catch {
    return 0;
  }
}

function tail(file: string): string {
  return `\n${readFileSync(file, 'utf8').slice(-2_000)}`;
}
