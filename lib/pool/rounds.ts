import { setImmediate as nextTurn } from 'node:timers/promises';
import { PoolError } from './pool-error.ts';
import type { LaneEnd, LaneError, Round, RoundAnswer } from './round.ts';
import type { Seat } from './seat.ts';

// As long as a worker that is told to end has for its goodbyes.
const BREAK_OFF_MS = 2000;

/** A job with a lane, or about to go there. */
interface Job {
  readonly name: string;
  readonly argument: unknown;
  readonly onNews: (news: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: PoolError) => void;
  isBegun: boolean;
  isAbandoned: boolean;
  /** Ends the child when the job cannot be broken off. */
  tooLate?: NodeJS.Timeout;
}

/**
 * The parent's half of the rounds: as long as any lane of a child has a job, the child is asked what became of it, again as
 * soon as it has answered. What is to be begun or broken off travels with the question.
 *
 * workerpool gives a worker one task at a time and has no way to speak to one that is at work; see
 * docs/decisions/0034-a-child-is-asked-in-rounds.md.
 */
export class Rounds {
  readonly #seat: Seat;
  readonly #lanes: number;
  readonly #jobs = new Map<number, Job>();
  #words: [lane: number, word: unknown][] = [];
  readonly #toAbandon = new Set<number>();
  #isAsking = false;
  #cpuMs = 0;

  constructor(seat: Seat, lanes: number) {
    this.#seat = seat;
    this.#lanes = lanes;
  }

  /** How much of the CPU the child has used when it was last heard of, in milliseconds; of a thread, what all together have. */
  get cpuMs(): number {
    return this.#cpuMs;
  }

  /** Do a job in a lane that has none. */
  run(lane: number, job: Pick<Job, 'name' | 'argument' | 'onNews'>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#jobs.set(lane, { ...job, resolve, reject, isBegun: false, isAbandoned: false });
      if (!this.#isAsking) void this.#ask();
    });
  }

  /** Say something to the job of a lane; it travels with the next question. */
  say(lane: number, word: unknown): void {
    if (this.#jobs.has(lane)) this.#words.push([lane, word]);
  }

  /** Start the child, since there will surely be jobs. */
  prepare(): void {
    if (this.#jobs.size === 0) this.#seat.prepare();
  }

  /** Break off what a lane does: by asking for it, or where that is of no use by ending the child. */
  abandon(lane: number): void {
    const job = this.#jobs.get(lane);
    if (!job) return;
    job.isAbandoned = true;
    if (!job.isBegun) {
      this.#end(lane)?.reject(new PoolError('E_WORKER', `${job.name} was broken off before it began`, { retry: true }));
    } else if ([...this.#jobs.values()].every(({ isAbandoned }) => isAbandoned)) {
      this.#seat.kill();
    } else {
      this.#toAbandon.add(lane);
      job.tooLate = setTimeout(() => this.#seat.kill(), BREAK_OFF_MS);
    }
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    // A child may have ended while it had nothing to do.
    let mayBeDead = true;
    while (this.#jobs.size > 0) {
      // Whoever was given something may have more to be done; what was given in one go begins together.
      await nextTurn();
      if (mayBeDead) await this.#seat.wake();
      mayBeDead = !(await this.#round());
    }
    this.#isAsking = false;
  }

  /** @returns is the child there for another one? */
  async #round(): Promise<boolean> {
    const begin = [...this.#jobs].filter(([, job]) => !job.isBegun);
    for (const [, job] of begin) job.isBegun = true;
    const round: Round = {
      lanes: this.#lanes,
      begin: begin.map(([lane, { name, argument }]) => ({ lane, name, argument })),
      words: this.#words,
      abandon: [...this.#toAbandon],
    };
    this.#words = [];
    this.#toAbandon.clear();
    let answer: RoundAnswer;
    try {
      answer = await this.#seat.ask<RoundAnswer>('round', round);
    } catch (error) {
      this.#lose(error);
      return false;
    }
    this.#cpuMs = answer.cpuMs;
    for (const [lane, news] of answer.news) this.#jobs.get(lane)?.onNews(news);
    for (const end of answer.ended) this.#settle(end);
    return true;
  }

  #settle(end: LaneEnd): void {
    const job = this.#end(end.lane);
    if (!job) return;
    if ('error' in end) job.reject(thrown(end.error));
    else job.resolve(end.result);
  }

  /** All that was with the child is lost; what was not yet is done by the next one. */
  #lose(error: unknown): void {
    // Should it be alive, nobody would hear any more of what it does.
    this.#seat.kill();
    for (const [lane, { isBegun, name }] of this.#jobs) {
      if (isBegun) this.#end(lane)?.reject(this.#seat.errorOf(name, error));
    }
  }

  #end(lane: number): Job | undefined {
    const job = this.#jobs.get(lane);
    clearTimeout(job?.tooLate);
    this.#toAbandon.delete(lane);
    // The next job of the lane shall not take them for its own.
    this.#words = this.#words.filter(([of]) => of !== lane);
    this.#jobs.delete(lane);
    return job;
  }
}

function thrown({ message, cause }: LaneError): PoolError {
  return new PoolError('E_JOB', message, { cause: Object.assign(new Error(cause.message), cause) });
}
