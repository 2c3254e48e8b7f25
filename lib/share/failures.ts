import type { EntryPath } from './model/entry.ts';

/** How long something has failed, where that is worth a line: 0 when it is news. */
export type FailedMs = number;

/** Something that fails, and is tried again. */
interface Failure {
  readonly reason: string;
  readonly sinceMs: number;
  readonly toldMs: number;
  /** How long it is kept quiet from then on. */
  readonly quietMs: number;
  /** When it was tried last. */
  readonly triedMs: number;
}

// Who has seen the line and makes room needs about so long.
const FIRST_QUIET_MS = 60_000;

// A log that is looked at once a day still shows plainly what does not work.
const LONGEST_QUIET_MS = 60 * 60_000;

// It is tried every few seconds. What was not tried for so long is not wanted any more.
const FORGOTTEN_MS = 10 * 60_000;

/** Decides of what fails again and again when it is to be told: at once, and then at growing distances. */
export class Failures {
  readonly #now: () => number;
  readonly #failures = new Map<EntryPath, Failure>();
  #tidiedMs = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** It has failed, for a reason in words. @returns `undefined` when nothing is to be told */
  failed(path: EntryPath, told: string): FailedMs | undefined {
    // For how many bytes there is no room may be another number each time.
    const reason = told.replaceAll(/\d+/g, '0');
    const now = this.#now();
    this.#tidy(now);
    const before = this.#failures.get(path);
    if (before?.reason !== reason) {
      const sinceMs = before?.sinceMs ?? now;
      this.#failures.set(path, { reason, sinceMs, toldMs: now, quietMs: FIRST_QUIET_MS, triedMs: now });
      return 0;
    }
    // A clock that was set back shall not silence anything for long.
    if (now >= before.toldMs && now - before.toldMs < before.quietMs) {
      this.#failures.set(path, { ...before, triedMs: now });
      return undefined;
    }
    const quietMs = Math.min(2 * before.quietMs, LONGEST_QUIET_MS);
    this.#failures.set(path, { ...before, toldMs: now, quietMs, triedMs: now });
    return Math.max(1, now - before.sinceMs);
  }

  /** It went well. @returns how long it had failed before; `undefined` when it had not */
  mended(path: EntryPath): FailedMs | undefined {
    const before = this.#failures.get(path);
    this.#failures.delete(path);
    return before === undefined ? undefined : Math.max(0, this.#now() - before.sinceMs);
  }

  #tidy(now: number): void {
    if (now >= this.#tidiedMs && now - this.#tidiedMs < FIRST_QUIET_MS) return;
    this.#tidiedMs = now;
    for (const [path, { triedMs }] of this.#failures) {
      if (Math.abs(now - triedMs) > FORGOTTEN_MS) this.#failures.delete(path);
    }
  }
}
