/** How the system is asked for what a disk may have to be waited for. */
export interface Disk {
  /**
   * Ask in one of two ways. At once: everybody else waits as well. By a thread: nobody else does, but where the answer is in
   * memory, handing the question over and waking up costs several times as much as the answer.
   *
   * @throws the system's error, either way
   */
  ask<Answer>(atOnce: () => Answer, byThread: () => Promise<Answer>): Answer | Promise<Answer>;
}

/** A disk of which nobody knows how long it takes, or whether it answers at all. */
export const anyDisk: Disk = { ask: (_atOnce, byThread) => byThread() };

// The rest of the time is left to all that is no file.
const WAITING_SHARE = 0.5;
// Enough for a disk that has to look for something now and then, too little to be noticed by anybody.
const SAVED_MS = 50;

/**
 * The disks of this machine: asked at once as long as their answers come from memory.
 *
 * How long they let everybody wait is added up, and may not be more than half of the time. What goes beyond, as with a disk
 * that has too much to do, is left to threads.
 */
export class PromptDisk implements Disk {
  readonly #now: () => number;
  /** How long may be waited at once by now, in milliseconds. */
  #stockMs = SAVED_MS;
  #filledAt: number;

  /** @param now milliseconds that are never set back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#filledAt = now();
  }

  ask<Answer>(atOnce: () => Answer, byThread: () => Promise<Answer>): Answer | Promise<Answer> {
    const began = this.#now();
    this.#stockMs = Math.min(SAVED_MS, this.#stockMs + (began - this.#filledAt) * WAITING_SHARE);
    this.#filledAt = began;
    if (this.#stockMs < 0) return byThread();
    try {
      return atOnce();
    } finally {
      this.#stockMs -= this.#now() - began;
    }
  }
}
