import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../../lib/base/coded-error.ts';

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

function factsOf(pid: number): ProcessFacts {
  return { pid, commandLine: read(pid, 'cmdline'), environment: read(pid, 'environ') };
}

function childrenOf(pid: number): readonly number[] {
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
