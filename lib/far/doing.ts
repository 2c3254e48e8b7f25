import { toPlain } from '../transfer/transfer-error.ts';
import type { FarSession } from './far-session.ts';
import type { Outcome, TransferJob } from './transfer-jobs.ts';

/** What the doing of jobs works with. */
export interface Doing {
  readonly session: FarSession;
  /** Told what became of a job, by its number. */
  readonly settle: (job: number, outcome: Outcome) => void;
}

/** What came of some work, as a value. */
export async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toPlain(error) };
  }
}

/** The next try may be another worker's: it has to know how far this one got. */
export function withBrokenTry<Value>(
  outcome: Outcome<Value>,
  session: FarSession,
  { kind, path }: TransferJob,
): Outcome<Value> {
  if (outcome.ok || kind !== 'upload') return outcome;
  const broken = session.brokenTry(path);
  return broken ? { ...outcome, broken } : outcome;
}
