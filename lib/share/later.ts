import type { Clock } from '../base/clock.ts';

/** What is to be done later, unless all of it is called off before. */
export class Later {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #cancels = new Set<() => void>();
  #isOver = false;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  after(ms: number, act: () => void): void {
    if (this.#isOver) return;
    const cancel = this.#clock.after(ms, () => {
      this.#cancels.delete(cancel);
      act();
    });
    this.#cancels.add(cancel);
  }

  /** Nothing of it is done, nor anything that is asked for from now on: the process would wait for it otherwise. */
  cancelAll(): void {
    this.#isOver = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}
