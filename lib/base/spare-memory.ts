import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

// With 2 MB a mirror of a million files is collected ten times as often, which takes a fifth of its time; with 48 MB one
// of 20,000 files takes 25 MB more, and is not faster.
const ENOUGH_FOR_THE_YOUNG = 8 * 2 ** 20;

/**
 * Let this process take less memory.
 *
 * Left to itself, V8 lets garbage grow to several times of what is alive, and the space for young objects to 48 MB, as if
 * nothing else ran on the machine. The one is bounded from now on, the other as soon as it has grown to what it needs. Threads
 * that help to collect so little cost more than they save: a fifteenth of what two peers take for 10,000 small files.
 */
export function spareMemory(): void {
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--no-parallel-scavenge');
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < ENOUGH_FOR_THE_YOUNG) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
