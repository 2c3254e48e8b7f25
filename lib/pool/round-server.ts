import { codeOf, messageOf } from '../base/coded-error.ts';
import type { JobContract, JobService } from './jobs.ts';
import { LanePool } from './lane-pool.ts';
import type { LaneEnd, LaneError, LaneJob, Round, RoundAnswer } from './round.ts';

// A message costs more than the news in it: 64 to a message make that small.
const FULL = 64;
// A person who watches does not see 20 milliseconds, and a call that finds a lane free can wait so long.
const SOON_MS = 20;
// What a parent has to say while no lane is free, that something is to be broken off, can wait so long. It is also the
// sign of life of a child that has no news.
const LONGEST_MS = 200;

/** What {@link RoundServer} is told. */
export interface RoundServerOptions<Contract extends JobContract, News, Word> {
  readonly service: JobService<Contract, News, Word>;
  /** What a lane is called, of so many. */
  readonly nameOf: (lane: number, lanes: number) => string;
  /** Can this value be sent to the parent? @throws when it cannot */
  readonly assertPortable: (value: unknown) => void;
}

/**
 * The child's half of the rounds: does the jobs of its lanes side by side, and answers the parent when it has something to
 * tell, or could have something to do.
 */
export class RoundServer<Contract extends JobContract, News, Word> {
  readonly #options: RoundServerOptions<Contract, News, Word>;
  #lanes: LanePool<Contract, News, Word> | undefined;
  #busy = 0;
  #news: [number, News][] = [];
  #ended: LaneEnd[] = [];
  /** Takes the answer of the round that is under way. */
  #send: ((answer: RoundAnswer) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUrgent = false;

  constructor(options: RoundServerOptions<Contract, News, Word>) {
    this.#options = options;
  }

  answer({ lanes, begin, words, abandon }: Round): Promise<RoundAnswer> {
    const { service, nameOf } = this.#options;
    this.#lanes ??= new LanePool(
      (worker) => service(worker, () => this.#hurry()),
      lanes,
      (lane) => nameOf(lane, lanes),
    );
    return new Promise((resolve) => {
      this.#send = resolve;
      for (const job of begin) void this.#do(job);
      // They were said by a parent that checked them.
      for (const [lane, word] of words) this.#lanes?.say(lane, word as Word);
      for (const lane of abandon) this.#lanes?.abandon(lane);
      if (this.#isUrgent || this.#ended.length > 0 || this.#news.length >= FULL) this.#end();
      else this.#endWithin(this.#busy < lanes || this.#news.length > 0 ? SOON_MS : LONGEST_MS);
    });
  }

  async close(): Promise<void> {
    await this.#lanes?.close();
  }

  async #do({ lane, name, argument }: LaneJob): Promise<void> {
    this.#busy += 1;
    const end = await this.#endOf(lane, name, argument);
    this.#busy -= 1;
    this.#ended.push(end);
    // What else ends in this turn of the event loop travels along.
    setImmediate(() => this.#end());
  }

  async #endOf(lane: number, name: string, argument: unknown): Promise<LaneEnd> {
    try {
      // Names and arguments belong together in the contract, which the parent's half has checked.
      const result = await this.#lanes?.run(lane, name, argument as never, (news) => this.#tell(lane, news));
      this.#options.assertPortable(result);
      return { lane, result };
    } catch (error) {
      return { lane, error: plain(error) };
    }
  }

  #tell(lane: number, news: News): void {
    this.#news.push([lane, news]);
    if (this.#news.length >= FULL) this.#end();
    else if (this.#news.length === 1) this.#endWithin(SOON_MS);
  }

  #hurry(): void {
    this.#isUrgent = true;
    this.#end();
  }

  #endWithin(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), ms);
  }

  /** Answer, if a round is under way; else the next one is answered at once, or takes along what is there. */
  #end(): void {
    const send = this.#send;
    if (!send) return;
    clearTimeout(this.#timer);
    const { user, system } = process.cpuUsage();
    const answer = { news: this.#news, ended: this.#ended, cpuMs: (user + system) / 1000 };
    this.#send = undefined;
    this.#news = [];
    this.#ended = [];
    this.#isUrgent = false;
    send(answer);
  }
}

function plain(error: unknown): LaneError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  const { stack = '' } = cause instanceof Error ? cause : new Error();
  return {
    message: messageOf(error),
    cause: { message: messageOf(cause), stack, ...(code === undefined ? {} : { code }) },
  };
}
