import { basename } from 'node:path';
import type { Table } from '../table.ts';

/** The parts of a .cpuprofile file that are read. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples?: readonly number[];
  /** In microseconds, each before its sample. */
  readonly timeDeltas?: readonly number[];
}

const IDLE = ['(idle)', '(program)'];
const SHOWN = 15;

/** Where a process spent its time: the functions with the most time of their own, and their part of all that was not idle. */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Table {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  for (const name of IDLE) times.delete(name);
  const all = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const lines = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return [['ms', '%', 'function'], ...lines.map(([name, ms]) => [ms.toFixed(0), ((ms / all) * 100).toFixed(1), name])];
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const place = url === '' ? '' : ` ${basename(url)}:${lineNumber + 1}`;
  return `${functionName || '(anonymous)'}${place}`;
}
