import { toPlain } from '../transfer/transfer-error.ts';
import { classOfJob } from './failure-class.ts';
import type { FarSession } from './far-session.ts';
import type { NoConnection, Outcome, TransferJob } from './transfer-jobs.ts';

/** Told what became of a job, by its number. */
export type Settle = (job: number, outcome: Outcome) => void;

/**
 * Do some jobs, each tried once.
 *
 * @returns why there is no connection for those that have no outcome; `null` when all have one
 */
export async function doJobs(
  session: FarSession,
  jobs: readonly TransferJob[],
  settle: Settle,
): Promise<NoConnection | null> {
  for (const job of jobs) {
    const without = await doOne(session, job, settle);
    if (without) return without;
  }
  return null;
}

async function doOne(session: FarSession, job: TransferJob, settle: Settle): Promise<NoConnection | undefined> {
  const opened = await outcomeOf(() => session.open());
  if (!opened.ok) return { error: opened.error };
  const outcome = await outcomeOf(() => session.do(job));
  if (!outcome.ok && classOfJob(outcome.error) === 'capacity') return { error: outcome.error, begun: job.job };
  settle(job.job, withBrokenTry(outcome, session, job));
  return undefined;
}

/** The next try may be another worker's: it has to know how far this one got. */
function withBrokenTry<Value>(
  outcome: Outcome<Value>,
  session: FarSession,
  { kind, path }: TransferJob,
): Outcome<Value> {
  if (outcome.ok || kind !== 'upload') return outcome;
  const broken = session.brokenTry(path);
  return broken ? { ...outcome, broken } : outcome;
}

async function outcomeOf<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toPlain(error) };
  }
}
