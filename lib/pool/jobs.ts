/**
 * A kind of work that children do: names of jobs, what each gets and what it gives back.
 *
 * Everything in it crosses a process border as JSON: plain objects, arrays, strings, numbers, booleans, null. It must be
 * a `type`; an `interface` has no index signature and does not fit. `run` and `methods` are no names for jobs: workerpool
 * has jobs of its own that are called so.
 */
export type JobContract = Record<string, (argument: never) => unknown>;

/** What a job of a contract gets. */
export type ArgumentOf<Contract extends JobContract, Name extends keyof Contract> = Parameters<Contract[Name]>[0];

/** What a job of a contract gives back. */
export type ResultOf<Contract extends JobContract, Name extends keyof Contract> = Awaited<ReturnType<Contract[Name]>>;

/** The way of one job to its parent and back. */
export interface Talk<News, Word> {
  /** Tell the parent something. After the end of the job it gets lost. */
  readonly tell: (news: News) => void;
  /** Have a listener called for what the parent says to the job from now on. */
  readonly hear: (listener: (word: Word) => void) => void;
}

/** The doing side of a contract, living as long as its child does. */
export type JobHandlers<Contract extends JobContract, News, Word = never> = {
  readonly [Name in keyof Contract]: (
    argument: ArgumentOf<Contract, Name>,
    talk: Talk<News, Word>,
  ) => Promise<ResultOf<Contract, Name>>;
};

/**
 * Makes the doing side of a worker, anew after it was abandoned.
 *
 * @param worker what the worker is called
 * @param hurry has what was told reach the parent at once, for what it must know should this process end now; news are
 *   gathered for a moment otherwise
 */
export type JobService<Contract extends JobContract, News, Word = never> = (
  worker: string,
  hurry: () => void,
) => {
  readonly handlers: JobHandlers<Contract, News, Word>;
  /** Let go of what the handlers hold open. */
  close(): Promise<void>;
  /**
   * Break off what the handlers do, at once: their jobs end soon, and badly. Needed where no process can be ended, or where
   * it does other work as well. Only `close` is called after that.
   */
  abandon(): void;
};

/**
 * What a pool of children, threads or lanes of this process can do for its owner, who decides which of them does what.
 *
 * Workers are numbered from 0; several may live in one child, and end with it. Each is started with its first job if not before, and again
 * with the next one after it ended.
 */
export interface JobPool<Contract extends JobContract, News, Word = never> {
  /** How many workers there are. */
  readonly size: number;
  /**
   * Do one job in a worker; it waits while that does another.
   *
   * @param onNews is called for all that the job tells while it runs, always before its result is there
   * @throws PoolError E_WORKER when the worker ended before the job did, or could not be started: the job may or may not
   *   have been done; E_JOB when its handler threw; E_CLOSED when it had not begun before the pool was closed: then it
   *   was not done
   */
  run<Name extends keyof Contract & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>>;
  /**
   * Say something to the job that a worker does. It is lost when there is none, and when the job ends before it hears it: its
   * end has to tell what it knew.
   */
  say(worker: number, word: Word): void;
  /** Start a worker, since it will surely have a job soon. */
  prepare(worker: number): void;
  /** Break off what a worker does, at once: its job ends with E_WORKER, or as the service ends it. */
  abandon(worker: number): void;
  /** Refuse what waits, let what is running come to its end, then end every worker. Closing twice is harmless. */
  close(): Promise<void>;
}
