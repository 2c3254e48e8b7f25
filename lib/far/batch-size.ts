// So long a worker shall be busy with a batch: short enough that a change of what is best is felt soon, and long beside the
// way of news.
const BATCH_MS = 300;
// It gets more when there is a third of this left: so many that it has begun some of them, and has others to go on with.
const FEWEST_JOBS = 12;
// More bring nothing: from 25 files to 250 in a batch the measured speed is the same.
const MOST_JOBS = 100;
// As long as nothing is known.
const FIRST_JOBS = 25;

/** How many jobs a batch has, by what jobs took so far. */
export class BatchSize {
  #jobMs: number | undefined;

  /** A worker took so many milliseconds for a batch of so many jobs. */
  took(ms: number, jobs: number): void {
    const each = ms / jobs;
    // What is done changes, from folders to large files to small ones: the last few batches count.
    this.#jobMs = this.#jobMs === undefined ? each : (3 * this.#jobMs + each) / 4;
  }

  /** With so many left a worker gets more. */
  get few(): number {
    return Math.ceil(this.jobs / 3);
  }

  get jobs(): number {
    if (this.#jobMs === undefined) return FIRST_JOBS;
    return Math.min(MOST_JOBS, Math.max(FEWEST_JOBS, Math.round(BATCH_MS / this.#jobMs)));
  }
}
