import { ClientError } from './client-error.ts';
import type { TransferState } from './transfer-show.ts';

/** What became of a job, or is becoming. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'killed';

/** Something that is done beside what the user types. */
export interface Job {
  readonly number: number;
  /** As it was typed, but for passwords. */
  readonly source: string;
  readonly state: JobState;
  /** The exit status it ended with. */
  readonly status: number | undefined;
  /** How far the transfer is that it is at. */
  readonly progress?: TransferState;
}

interface Entry {
  job: Job;
  readonly work: JobWork;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** The work of a job. */
export interface JobWork {
  /** @returns its exit status; never refused */
  readonly run: (signal: AbortSignal) => Promise<number>;
  /** How far the transfer is that it is at, if it is at one. */
  readonly progress: () => TransferState | undefined;
}

/** The jobs of the client, in the order in which they were begun: those side by side, and those of the queue one by one. */
export class JobList {
  readonly #entries: Entry[] = [];
  readonly #onEnd: (job: Job) => void;
  #queue: Promise<void> = Promise.resolve();
  #last = 0;

  /** @param onEnd told of each one that has ended */
  constructor(onEnd: (job: Job) => void) {
    this.#onEnd = onEnd;
  }

  get all(): readonly Job[] {
    return this.#entries.map(({ job, work }) => {
      const progress = work.progress();
      return progress === undefined ? job : { ...job, progress };
    });
  }

  /** Those that have not ended. */
  get open(): readonly Job[] {
    return this.all.filter(({ state }) => state === 'waiting' || state === 'running');
  }

  /**
   * Begin a job: at once, or when those of the queue before it have ended.
   *
   * @param source without passwords: it is shown
   */
  begin(source: string, place: 'beside' | 'behind', work: JobWork): Job {
    this.#last += 1;
    const stop = new AbortController();
    const before = place === 'behind' ? this.#queue : Promise.resolve();
    const ended = before.then(() => this.#run(entry));
    const entry: Entry = {
      job: { number: this.#last, source, state: place === 'behind' ? 'waiting' : 'running', status: undefined },
      ...{ work, stop, ended },
    };
    if (place === 'behind') this.#queue = ended;
    this.#entries.push(entry);
    return entry.job;
  }

  /**
   * Wait until a job has ended, or all of them.
   *
   * @param signal ends the waiting, not the jobs
   * @returns the first exit status of theirs that is not 0
   * @throws ClientError E_COMMAND when there is no such job
   */
  async wait(number: number | undefined, signal?: AbortSignal): Promise<number> {
    const entries = number === undefined ? this.#entries : [this.#find(number)];
    const all = Promise.all(entries.map(({ ended }) => ended));
    await (signal ? doneOrAborted(all, signal) : all);
    return entries.map(({ job }) => job.status ?? 0).find((status) => status !== 0) ?? 0;
  }

  /** End a job that has not ended. @throws ClientError E_COMMAND when there is no such job */
  kill(number: number): void {
    const entry = this.#find(number);
    if (entry.job.state === 'waiting') entry.job = { ...entry.job, state: 'killed' };
    entry.stop.abort();
  }

  /** End all of them. */
  killAll(): void {
    for (const { number } of this.open) this.kill(number);
  }

  async #run(entry: Entry): Promise<void> {
    if (entry.job.state !== 'killed') {
      entry.job = { ...entry.job, state: 'running' };
      const status = await entry.work.run(entry.stop.signal);
      const state = entry.stop.signal.aborted ? 'killed' : status === 0 ? 'done' : 'failed';
      entry.job = { ...entry.job, state, status };
    }
    this.#onEnd(entry.job);
  }

  #find(number: number): Entry {
    const entry = this.#entries.find(({ job }) => job.number === number);
    if (!entry) throw new ClientError('E_COMMAND', `There is no job ${number}: jobs shows those there are`);
    return entry;
  }
}

/** Leaves no listener behind: a script has one signal, however often it waits. */
async function doneOrAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let leave = () => {};
  const aborted = new Promise<void>((resolve) => (leave = resolve));
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
