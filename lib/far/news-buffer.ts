import type { TransferEvent, TransferNews } from './transfer-jobs.ts';

// A message for each event costs more than the event: 64 to a message make that small, and a person who watches does not
// see 20 milliseconds.
const FULL = 64;
const OLDEST_MS = 20;

/** Gathers the events of a worker, so that several go in one message. */
export class NewsBuffer {
  readonly #tell: (news: TransferNews) => void;
  #gathered: TransferEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (news: TransferNews) => void) {
    this.#tell = tell;
  }

  push(event: TransferEvent): void {
    this.#gathered.push(event);
    if (this.#gathered.length >= FULL) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), OLDEST_MS);
  }

  /** Tell what is there, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered.length === 0) return;
    const news = this.#gathered;
    this.#gathered = [];
    this.#tell(news);
  }
}
