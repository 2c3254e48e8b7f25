import type { Party } from './contestants/contestant.ts';
import type { Cost } from './measured-run.ts';

/** One run of one contestant in a row. */
export interface Sample extends Cost {
  readonly contestant: string;
  readonly party: Party;
  /** How many connections were opened, or tried to. */
  readonly opened: number;
}

/** All that was measured in a row. */
export interface RowResult {
  readonly id: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly samples: readonly Sample[];
  /** What went wrong: a run that failed, or that left another result than it should. The row counts as failed then. */
  readonly faults: readonly string[];
  /** What else was measured, by name: of ours alone there is no race. */
  readonly figures?: Readonly<Record<string, number>>;
}
