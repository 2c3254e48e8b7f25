import type { Clock } from '../base/clock.ts';
import type { IncomingFile } from './desk/share-desk.ts';
import type { Fetch } from './transfer/fetch.ts';

/** What is looked at, and who hears how far it is. */
export interface TransferProgressOptions {
  readonly fetches: () => Iterable<Fetch>;
  readonly clock: Clock;
  /** So far is a file that has been on its way for some time; its rate is that since it was told last. */
  readonly onProgress: (file: IncomingFile) => void;
}

// Who waits for a file begins to wonder then.
const FIRST_MS = 5_000;

// Often enough to see that it goes on, and few enough lines for a night.
const NEXT_MS = 10_000;

// As late as this a line may come; between the looks nothing is done.
const ROUND_MS = 1_000;

/** How far a file was when it was told last, or seen first. */
interface Mark {
  readonly atMs: number;
  readonly hereBytes: number;
  readonly isTold: boolean;
}

/** Tells of files that take their time how far they are: first after a few seconds, then at regular distances. */
export class TransferProgress {
  readonly #options: TransferProgressOptions;
  #marks: ReadonlyMap<Fetch, Mark> = new Map();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: TransferProgressOptions) {
    this.#options = options;
  }

  /** Something is to be fetched: it is watched until nothing is any more. */
  wake(): void {
    if (this.#isClosed || this.#cancel !== undefined) return;
    this.#cancel = this.#options.clock.after(ROUND_MS, () => {
      this.#cancel = undefined;
      this.#look();
    });
  }

  /** Nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #look(): void {
    const fetches = [...this.#options.fetches()];
    // Those that wait for their turn are not slow, and what is finished is told by others.
    const open = fetches.filter(({ isOpen }) => isOpen);
    this.#marks = new Map(open.map((fetch) => [fetch, this.#markOf(fetch)]));
    if (fetches.length > 0) this.wake();
  }

  #markOf(fetch: Fetch): Mark {
    const { clock, onProgress } = this.#options;
    const { firstPath: path, hereBytes: here } = fetch;
    const { size } = fetch.content;
    const atMs = clock.now();
    const last = this.#marks.get(fetch);
    if (last === undefined) return { atMs, hereBytes: here, isTold: false };
    const passedMs = atMs - last.atMs;
    if (passedMs < (last.isTold ? NEXT_MS : FIRST_MS)) return last;
    // What was said to have come in an earlier run may be seen not to be there.
    const came = Math.max(0, here - last.hereBytes);
    onProgress({ path, size, here, rate: Math.round((came * 1000) / passedMs) });
    return { atMs, hereBytes: here, isTold: true };
  }
}
