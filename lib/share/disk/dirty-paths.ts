import type { Clock } from '../../base/clock.ts';
import type { EntryPath } from '../model/entry.ts';

/** A path at which something happens. */
interface Stirring {
  /** How long it has to rest, in milliseconds. */
  readonly quietMs: number;
  readonly firstAt: number;
  dueAt: number;
}

/** A path that was let through. */
interface Rested {
  readonly quietMs: number;
  readonly at: number;
}

// Programs write a file in several steps, within milliseconds; nobody notices that much.
const FIRST_QUIET_MS = 30;

// What changes all the time is read anew each time: no more often than that.
const LONGEST_QUIET_MS = 2000;

// Whoever looks at a log that is written without end sees it grow.
const LONGEST_WAIT_MS = 10_000;

// What changes again within so many of its quiet times has not come to rest.
const STILL_CHANGING = 4;

/** Collects paths at which something happens, and lets them through when they have come to rest. */
export class DirtyPaths {
  readonly #clock: Clock;
  readonly #onRest: (paths: readonly EntryPath[]) => void;
  readonly #stirring = new Map<EntryPath, Stirring>();
  readonly #rested = new Map<EntryPath, Rested>();
  #wakeAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => undefined;

  /** @param onRest is given all that came to rest at the same time */
  constructor(clock: Clock, onRest: (paths: readonly EntryPath[]) => void) {
    this.#clock = clock;
    this.#onRest = onRest;
  }

  /** Something happened there. */
  add(path: EntryPath): void {
    const now = this.#clock.now();
    const { quietMs, firstAt } = this.#stirring.get(path) ?? { quietMs: this.#quietOf(path, now), firstAt: now };
    const dueAt = Math.min(now + quietMs, firstAt + LONGEST_WAIT_MS);
    this.#stirring.set(path, { quietMs, firstAt, dueAt });
    this.#wake(dueAt, now);
  }

  /** Nothing is let through any more. */
  close(): void {
    this.#cancel();
    this.#stirring.clear();
    this.#rested.clear();
  }

  #quietOf(path: EntryPath, now: number): number {
    const last = this.#rested.get(path);
    if (last === undefined || isForgotten(last, now)) return FIRST_QUIET_MS;
    return Math.min(LONGEST_QUIET_MS, 2 * last.quietMs);
  }

  /** One timer for all: tens of thousands of paths may change at once. */
  #wake(at: number, now: number): void {
    if (at >= this.#wakeAt) return;
    this.#cancel();
    this.#wakeAt = at;
    this.#cancel = this.#clock.after(at - now, () => this.#letThrough());
  }

  #letThrough(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (const [path, last] of this.#rested) if (isForgotten(last, now)) this.#rested.delete(path);
    const due: EntryPath[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [path, { dueAt, quietMs }] of this.#stirring) {
      // A clock that was set back: nothing waits longer than it would at most.
      if (dueAt > now && dueAt - now <= LONGEST_WAIT_MS) {
        next = Math.min(next, dueAt);
        continue;
      }
      due.push(path);
      this.#stirring.delete(path);
      this.#rested.set(path, { quietMs, at: now });
    }
    if (next < Number.POSITIVE_INFINITY) this.#wake(next, now);
    if (due.length > 0) this.#onRest(due);
  }
}

function isForgotten({ quietMs, at }: Rested, now: number): boolean {
  return now - at > STILL_CHANGING * quietMs;
}
