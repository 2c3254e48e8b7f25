/** Reads the log of a mirror (`--log-format json`) while it comes, and knows which jobs are under way. */
export class JobLog {
  readonly #open = new Set<number>();
  #watchers: { readonly count: number; readonly resolve: () => void }[] = [];
  #begun = 0;
  #rest = '';

  /** How many jobs have begun and not ended. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Has any job begun? */
  get hasBegun(): boolean {
    return this.#begun > 0;
  }

  /** Fulfilled as soon as so many more jobs have begun. */
  begun(more: number): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.push({ count: this.#begun + more, resolve });
      this.#tell();
    });
  }

  read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { event, job } = JSON.parse(line) as { event?: string; job?: number };
      if (job === undefined) continue;
      if (event === 'start') {
        this.#begun += 1;
        this.#open.add(job);
      } else {
        this.#open.delete(job);
      }
    }
    this.#tell();
  }

  #tell(): void {
    const due = this.#watchers.filter(({ count }) => count <= this.#begun);
    this.#watchers = this.#watchers.filter(({ count }) => count > this.#begun);
    for (const { resolve } of due) resolve();
  }
}
