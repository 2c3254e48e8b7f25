import { endBySignal } from '../base/end-of-process.ts';
import { exitStatus } from '../base/exit-status.ts';

// A terminal sends Ctrl-C to the local program and to us. On a busy machine we may hear of it behind the end of that program,
// which is what it was meant for; at a prompt it comes as a key and not as a signal.
const LATE_MS = 250;

/**
 * Ctrl-C and SIGTERM, which end what is under way; a second one while that ends ends the process. The same goes for output that
 * gets lost.
 */
export class Interrupts {
  #current: AbortController | undefined;
  #ending: number | undefined;
  #hasLostOutput = false;
  #lent = 0;
  readonly #onInterrupt = () => {
    if (this.#lent === 0) this.#come(() => endAtOnce(exitStatus.interrupted, 'SIGINT'));
  };
  readonly #onTerminate = () => {
    this.#ending = exitStatus.terminated;
    this.#come(() => endAtOnce(exitStatus.terminated, 'SIGTERM'));
  };

  constructor() {
    process.on('SIGINT', this.#onInterrupt).on('SIGTERM', this.#onTerminate);
  }

  /** The status to end with when the process is told to end as a whole. */
  get ending(): number | undefined {
    return this.#ending;
  }

  /** Has something that was written reached nobody? */
  get hasLostOutput(): boolean {
    return this.#hasLostOutput;
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

  /** As long as some work goes on, Ctrl-C belongs to somebody else: to a local program, which gets it as well. */
  async lend(work: () => Promise<void>): Promise<void> {
    this.#lent += 1;
    try {
      await work();
    } finally {
      setTimeout(() => (this.#lent -= 1), LATE_MS).unref();
    }
  }

  /** What is written reaches nobody: what would be done next is of no use. Told of each write that fails. */
  outputLost(status: number): void {
    this.#hasLostOutput = true;
    if (this.#ending !== undefined) return;
    this.#ending = status;
    this.#come(() => process.exit(status));
  }

  /** Take no notice any more. */
  release(): void {
    process.off('SIGINT', this.#onInterrupt).off('SIGTERM', this.#onTerminate);
  }

  /** @param end for what comes while nothing is under way that could be broken off, or was broken off before */
  #come(end: () => void): void {
    if (!this.#current || this.#current.signal.aborted) end();
    else this.#current.abort();
  }
}

/** Whatever a disk does. Where somebody is just typing, the terminal shows again what is typed. */
function endAtOnce(status: number, name: NodeJS.Signals): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  endBySignal(status, name);
}
