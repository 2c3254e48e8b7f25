import type { Clock } from '../base/clock.ts';
import type { ReplicaId } from './model/version.ts';

// One record and one message for all that was settled in so many milliseconds.
const SETTLE_MS = 20;

/** Up to which numbers the entries of peers are dealt with, until that is kept and told. */
export class SettledSoon {
  readonly #clock: Clock;
  readonly #tell: (peer: ReplicaId, upTo: number) => void;
  readonly #onFault: (error: unknown) => void;
  readonly #settled = new Map<ReplicaId, number>();

  /** @param onFault telling has failed, and nobody waited for it */
  constructor(clock: Clock, tell: (peer: ReplicaId, upTo: number) => void, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#tell = tell;
    this.#onFault = onFault;
  }

  /** The entries of a peer are dealt with up to a number. */
  add(peer: ReplicaId, upTo: number): void {
    const isFirst = this.#settled.size === 0;
    this.#settled.set(peer, upTo);
    if (!isFirst) return;
    this.#clock.after(SETTLE_MS, () => {
      try {
        this.tellAll();
      } catch (error) {
        this.#onFault(error);
      }
    });
  }

  /** Now. */
  tellAll(): void {
    const settled = [...this.#settled];
    this.#settled.clear();
    for (const [peer, upTo] of settled) this.#tell(peer, upTo);
  }
}
