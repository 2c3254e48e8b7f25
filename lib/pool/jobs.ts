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

/** The doing side of a contract, living as long as its child does. What a job tells after its end gets lost. */
export type JobHandlers<Contract extends JobContract, News> = {
  readonly [Name in keyof Contract]: (
    argument: ArgumentOf<Contract, Name>,
    tell: (news: News) => void,
  ) => Promise<ResultOf<Contract, Name>>;
};

/** Makes the doing side once in each child. */
export type JobService<Contract extends JobContract, News> = (worker: string) => {
  readonly handlers: JobHandlers<Contract, News>;
  /** Let go of what the handlers hold open. */
  close(): Promise<void>;
};

/** What a pool of children, threads or lanes of this process can do for its owner. */
export interface JobPool<Contract extends JobContract, News> {
  /** How many jobs run at a time. */
  readonly size: number;
  /**
   * Do one job in whichever worker is free; it waits when none is.
   *
   * @param onNews is called for all that the job tells while it runs, always before its result is there
   * @throws PoolError E_WORKER when the worker ended before the job did: the job may or may not have been done; E_JOB when
   *   its handler threw; E_CLOSED when it had not begun before the pool was closed: then it was not done
   */
  run<Name extends keyof Contract & string>(
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>>;
  /** Refuse what waits, let what is running come to its end, then end every worker. Closing twice is harmless. */
  close(): Promise<void>;
}
