/** Counts how many places are taken, by whom. */
export class Places {
  readonly #taken = new Map<string, number>();

  /** How many somebody has. */
  of(name: string): number {
    return this.#taken.get(name) ?? 0;
  }

  take(name: string): void {
    this.#taken.set(name, this.of(name) + 1);
  }

  /** Give one back. Who has none is forgotten: names come from strangers and must not pile up. */
  leave(name: string): void {
    const left = this.of(name) - 1;
    if (left > 0) this.#taken.set(name, left);
    else this.#taken.delete(name);
  }
}
