/** @throws RangeError for a pool that could never do anything */
export function assertSize(size: number): void {
  if (size < 1) throw new RangeError('A pool needs at least one worker');
}

/**
 * @param number counts from 0
 * @throws RangeError when there is no such worker
 */
export function workerAt<Worker>(workers: readonly Worker[], number: number): Worker {
  const worker = workers[number];
  if (worker === undefined) throw new RangeError(`This pool has no worker ${number}`);
  return worker;
}
