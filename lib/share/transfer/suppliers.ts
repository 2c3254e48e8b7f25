import type { Clock } from '../../base/clock.ts';
import type { Link } from '../link/link.ts';

/** What is known of a peer that gives contents. */
interface Supplier {
  /** Bytes that it was asked for and that are not on the disk yet. */
  bytes: number;
  /** How many times it was asked and has not answered. */
  asks: number;
  /** When it gave something last, or was first asked after it had given all; by the clock. */
  heardAt: number;
  /** So long others are asked first, where there are others. */
  isSlowUntil: number;
  /** Wrong chunks that are not made good. */
  wrong: number;
  /** Right bytes since the last one was forgiven. */
  right: number;
}

// Enough for 100 Mbit/s over 100 ms six times; more would be memory that waits for the disk.
const WINDOW_BYTES = 8 * 1024 ** 2;

// Files of few bytes would else be asked for by the million; who gives cuts off who asks several times as often.
const MOST_ASKS = 256;

// A disk that wakes up needs less; a person begins to wonder.
const STALL_MS = 2_000;

// Often enough to notice soon.
const LOOK_MS = 500;

// As long as it may take a machine to do what keeps it busy.
const SLOW_MS = 10_000;

// What three of them cost is nothing yet; who means harm could go on for ever.
const MOST_WRONG = 3;

// A line that damages a byte now and then is not to be cut for it: who gives so much in between can waste little of our time.
const FORGIVEN_BYTES = 4 * 1024 ** 2;

/** Knows how much each peer was asked for, and how well it answers. */
export class Suppliers {
  readonly #clock: Clock;
  readonly #onStalled: (links: ReadonlySet<Link>) => void;
  readonly #suppliers = new Map<Link, Supplier>();

  #isWatching = false;

  /** @param onStalled some were asked and have given nothing for a while; others come before them from now on */
  constructor(clock: Clock, onStalled: (links: ReadonlySet<Link>) => void) {
    this.#clock = clock;
    this.#onStalled = onStalled;
  }

  /** Whom to ask next of those who have a content; `undefined` when all have been asked for enough. */
  next(links: readonly Link[]): Link | undefined {
    const able = links.filter((link) => this.#hasRoom(this.#of(link)));
    const fast = able.filter((link) => !this.#isSlow(link));
    // Who is slow is asked when there is nobody else, not when the others are busy.
    const some = fast.length > 0 || links.some((link) => !this.#isSlow(link)) ? fast : able;
    return some.sort((x, y) => this.#of(x).bytes - this.#of(y).bytes)[0];
  }

  /** One was asked. */
  asked(link: Link, bytes: number): void {
    const supplier = this.#of(link);
    if (supplier.asks === 0) supplier.heardAt = this.#clock.now();
    supplier.asks += 1;
    supplier.bytes += bytes;
    this.#watch();
  }

  /** All that it was once asked for has come, or nobody waits for it any more. */
  answered(link: Link): void {
    const supplier = this.#suppliers.get(link);
    if (supplier !== undefined) supplier.asks -= 1;
  }

  /** These bytes do not wait any longer: they are on the disk, or will not come. */
  done(link: Link, bytes: number): void {
    const supplier = this.#suppliers.get(link);
    if (supplier !== undefined) supplier.bytes -= bytes;
  }

  /** It has given something. */
  gave(link: Link, bytes: number): void {
    const supplier = this.#of(link);
    supplier.heardAt = this.#clock.now();
    supplier.isSlowUntil = 0;
    supplier.right += bytes;
    if (supplier.right < FORGIVEN_BYTES) return;
    supplier.right = 0;
    supplier.wrong = Math.max(0, supplier.wrong - 1);
  }

  /** It has given a wrong chunk. @returns whether it has given too many */
  gaveWrong(link: Link): boolean {
    const supplier = this.#of(link);
    supplier.heardAt = this.#clock.now();
    supplier.wrong += 1;
    supplier.right = 0;
    return supplier.wrong >= MOST_WRONG;
  }

  /** A peer is gone. */
  forget(link: Link): void {
    this.#suppliers.delete(link);
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#clock.after(LOOK_MS, () => {
      this.#isWatching = false;
      const asked = [...this.#suppliers].filter(([, { asks }]) => asks > 0);
      const now = this.#clock.now();
      const stalled = asked.filter(([, { heardAt }]) => now - heardAt >= STALL_MS);
      for (const [, supplier] of stalled) supplier.isSlowUntil = now + SLOW_MS;
      if (asked.length > 0) this.#watch();
      if (stalled.length > 0) this.#onStalled(new Set(stalled.map(([link]) => link)));
    });
  }

  #hasRoom({ bytes, asks }: Supplier): boolean {
    return bytes < WINDOW_BYTES && asks < MOST_ASKS;
  }

  #isSlow(link: Link): boolean {
    return this.#of(link).isSlowUntil > this.#clock.now();
  }

  #of(link: Link): Supplier {
    let supplier = this.#suppliers.get(link);
    if (supplier === undefined) {
      supplier = { bytes: 0, asks: 0, heardAt: this.#clock.now(), isSlowUntil: 0, wrong: 0, right: 0 };
      this.#suppliers.set(link, supplier);
    }
    return supplier;
  }
}
