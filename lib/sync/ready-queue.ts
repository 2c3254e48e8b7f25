/** Numbers, of which the smallest always comes out first: a binary heap. */
export class ReadyQueue {
  readonly #heap: number[] = [];

  push(id: number): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] ?? id;
      if (above <= id) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = id;
  }

  /** Take the smallest out; `undefined` when there is none. */
  pop(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return smallest;
  }

  /** Find the place of a number, beginning at the top. */
  #sink(id: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if ((heap[child + 1] ?? Number.POSITIVE_INFINITY) < (heap[child] ?? Number.POSITIVE_INFINITY)) child += 1;
      const below = heap[child];
      if (below === undefined || below >= id) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = id;
  }
}
