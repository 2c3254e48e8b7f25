// What travels between a parent and one of its children. Types only: it is all that the two halves of a pool share.

/** A job for one of the lanes of a child. */
export type LaneJob = { readonly lane: number; readonly name: string; readonly argument: unknown };

/** A question to a child: what became of what it does? It takes along what the child has to know. */
export type Round = {
  /** How many lanes the child has. */
  readonly lanes: number;
  /** Jobs to begin. */
  readonly begin: readonly LaneJob[];
  /** What is said to the jobs of lanes, in the order in which it was said. */
  readonly words: readonly (readonly [lane: number, word: unknown])[];
  /** Lanes whose jobs are to be broken off. */
  readonly abandon: readonly number[];
};

/** How the job of a lane ended. Errors travel as values: a thrown one would end the round of all lanes. */
export type LaneEnd = { readonly lane: number } & ({ readonly result: unknown } | { readonly error: LaneError });

/** What is left of an error on the way through a process border: a cause may hold a socket, which would end the child. */
export type LaneError = {
  readonly message: string;
  readonly cause: { readonly message: string; readonly stack: string; readonly code?: string };
};

/** The answer of a child, after a fifth of a second at the latest. */
export type RoundAnswer = {
  /** News of the lanes, in their order; those of a job come before its end. */
  readonly news: readonly (readonly [lane: number, news: unknown])[];
  readonly ended: readonly LaneEnd[];
  /** How much of the CPU the child has used so far, in milliseconds. */
  readonly cpuMs: number;
};
