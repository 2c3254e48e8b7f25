import type { Clock } from '../base/clock.ts';
import type { WrittenChunk } from './disk/part.ts';
import type { PartRecord } from './disk/parts.ts';
import type { ContentId } from './model/entry.ts';
import type { ShareState } from './state/share-state.ts';

// After a crash so much is fetched once more; a record for each chunk would be as many as there are chunks.
const MOST_CHUNKS = 64;
const WITHIN_MS = 250;

/** Keeps what is in the parts, many chunks in a record. */
export class PartJournal {
  readonly #state: ShareState;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #known = new Set<ContentId>();
  readonly #fresh = new Map<ContentId, WrittenChunk[]>();
  #isAwaited = false;

  /**
   * @param onFault something cannot be kept. Whoever writes to a part is not told: he would take it for a failure of his own, and
   *   try again
   */
  constructor(state: ShareState, clock: Clock, onFault: (error: unknown) => void) {
    this.#state = state;
    this.#clock = clock;
    this.#onFault = onFault;
    for (const { name } of state.parts) this.#known.add(name);
  }

  /** What was kept. */
  get kept(): readonly PartRecord[] {
    return this.#state.parts.map(({ id, size, chunks }) => ({
      id,
      size,
      chunks: chunks.map(({ offset, size, sha256 }) => ({ offset, size, hash: Buffer.from(sha256).toString('hex') })),
    }));
  }

  /** Chunks are in a part. */
  written({ id, size }: Pick<PartRecord, 'id' | 'size'>, chunks: readonly WrittenChunk[]): void {
    this.#orFault(() => {
      if (!this.#known.has(id)) this.#state.makePart(id, id, size);
      this.#known.add(id);
      const fresh = this.#fresh.get(id) ?? [];
      this.#fresh.set(id, fresh);
      fresh.push(...chunks);
      if (fresh.length >= MOST_CHUNKS) this.#keep(id);
      else this.#keepSoon();
    });
  }

  /** There is no such part any more. */
  gone(id: ContentId): void {
    this.#fresh.delete(id);
    this.#orFault(() => {
      if (this.#known.delete(id)) this.#state.dropPart(id);
    });
  }

  /** Keep all that is known by now. @throws JournalError */
  flush(): void {
    for (const id of [...this.#fresh.keys()]) this.#keep(id);
  }

  #keep(id: ContentId): void {
    const chunks = this.#fresh.get(id) ?? [];
    this.#fresh.delete(id);
    this.#state.fillPart(
      id,
      chunks.map(({ offset, size, hash }) => ({ offset, size, sha256: Buffer.from(hash, 'hex') })),
    );
  }

  #keepSoon(): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    this.#clock.after(WITHIN_MS, () => {
      this.#isAwaited = false;
      this.#orFault(() => this.flush());
    });
  }

  #orFault(keep: () => void): void {
    try {
      keep();
    } catch (error) {
      this.#onFault(error);
    }
  }
}
