import { exitStatus } from '../base/exit-status.ts';

/** Ctrl-C and SIGTERM, which end what is under way; a second one while that ends ends the process. */
export class Interrupts {
  #current: AbortController | undefined;
  #ending: number | undefined;
  readonly #onInterrupt = () => this.#come(exitStatus.interrupted);
  readonly #onTerminate = () => {
    this.#ending = exitStatus.terminated;
    this.#come(exitStatus.terminated);
  };

  constructor() {
    process.on('SIGINT', this.#onInterrupt).on('SIGTERM', this.#onTerminate);
  }

  /** The status to end with when the process is told to end as a whole. */
  get ending(): number | undefined {
    return this.#ending;
  }

  /** Something begins that can be broken off. */
  begin(): AbortSignal {
    this.#current = new AbortController();
    if (this.#ending !== undefined) this.#current.abort();
    return this.#current.signal;
  }

  /** It has ended. */
  end(): void {
    this.#current = undefined;
  }

  /** Take no notice any more. */
  release(): void {
    process.off('SIGINT', this.#onInterrupt).off('SIGTERM', this.#onTerminate);
  }

  #come(status: number): void {
    if (!this.#current || this.#current.signal.aborted) process.exit(status);
    this.#current.abort();
  }
}
