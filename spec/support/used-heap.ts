/**
 * Bytes that live objects take, what lies outside of the heap of V8 included. Only in a process with `--expose-gc`.
 *
 * Asynchronous, since what a promise was fulfilled with may be held until the next turn.
 */
export async function usedHeap(): Promise<number> {
  for (let collections = 0; collections < 3; collections += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!globalThis.gc) throw new Error('Run with --expose-gc');
    globalThis.gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
