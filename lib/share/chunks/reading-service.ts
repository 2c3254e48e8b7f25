import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobService } from '../../pool/jobs.ts';
import { OpenContent } from './open-content.ts';
import { ReadError } from './read-error.ts';
import type { ReadContent, ReadingJobs, ReadingNews, ReadOutcome } from './reading-jobs.ts';

// What was read is cut and hashed while the processor still has it near by.
const PIECE_BYTES = 256 * 1024;

// About as much as is read and hashed in a millisecond or two: so long the other lanes of the thread wait for their turn. It
// is as much as the chunks of are worth a message, for peers to begin with.
const TURN_BYTES = 1024 * 1024;

// Opening and closing a small file costs as much as hashing so many bytes.
const OPENING_BYTES = 32 * 1024;

// A slow disk must not keep the others waiting either.
const TURN_MS = 50;

/** The doing side of {@link ReadingJobs}. */
export const readingService: JobService<ReadingJobs, ReadingNews> = () => {
  const lane = new ReadingLane();
  return {
    handlers: {
      read: ({ path, tells }, { tell }) => lane.read(path, tells ? tell : undefined),
      readMany: async (paths) => {
        const outcomes: ReadOutcome[] = [];
        for (const path of paths) outcomes.push(await lane.read(path));
        return outcomes;
      },
    },
    close: async () => undefined,
    abandon: () => lane.abandon(),
  };
};

/** Reads one file at a time, and lets others have their turn in between. */
class ReadingLane {
  #buffer: Uint8Array | undefined;
  #isAbandoned = false;
  /** What was done in this turn, as if it were bytes, and when it began. */
  #done = 0;
  #beganAt = 0;

  async read(path: string, tell?: (news: ReadingNews) => void): Promise<ReadOutcome> {
    try {
      const file = new OpenContent(path, Date.now());
      try {
        return { ok: true, ...(await this.#readAll(file, tell)) };
      } finally {
        file.close();
      }
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      const { code, message, retry } = error;
      return { ok: false, error: { code, message, retry } };
    }
  }

  abandon(): void {
    this.#isAbandoned = true;
  }

  async #readAll(file: OpenContent, tell?: (news: ReadingNews) => void): Promise<ReadContent> {
    this.#buffer ??= new Uint8Array(PIECE_BYTES);
    this.#done += OPENING_BYTES;
    while (file.rest > 0) {
      this.#done += file.readOn(this.#buffer);
      if (this.#isTurnOver()) {
        if (tell) tellNews(file, tell);
        await this.#endTurn();
      }
    }
    return file.end();
  }

  #isTurnOver(): boolean {
    return this.#done >= TURN_BYTES || performance.now() > this.#beganAt + TURN_MS;
  }

  async #endTurn(): Promise<void> {
    await nextTurn();
    if (this.#isAbandoned) throw new ReadError('E_UNREADABLE', 'The reading was broken off', { retry: true });
    this.#done = 0;
    this.#beganAt = performance.now();
  }
}

function tellNews(file: OpenContent, tell: (news: ReadingNews) => void): void {
  const chunks = file.news();
  if (chunks.length > 0) tell(chunks);
}
