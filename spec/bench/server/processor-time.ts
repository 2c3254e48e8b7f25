import { readFileSync } from 'node:fs';
import { childrenOf } from '../../support/processes.ts';

// USER_HZ of proc(5): 100 on every Linux that Node runs on.
const TICKS_A_SECOND = 100;

/** Processor time of a process and all it started, user and system, in seconds; those that have ended are counted. */
export function processorSeconds(pid: number): number {
  return ticksOf(pid) / TICKS_A_SECOND;
}

/** What a process has ended and taken notice of is in its own counts, with all that one had counted. */
function ticksOf(pid: number): number {
  try {
    // Behind the name, which is in parentheses and may hold anything: user, system, and the same of ended children.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const own = fields
      .slice(11, 15)
      .map(Number)
      .reduce((sum, ticks) => sum + ticks, 0);
    return childrenOf(pid)
      .map(ticksOf)
      .reduce((sum, ticks) => sum + ticks, own);
  } catch {
    // It has ended in this very moment, and its parent counts it.
    return 0;
  }
}
