import { fromPlain, type TransferError, toPlain } from '../transfer/transfer-error.ts';
import { changeTogether, isChange } from './change-together.ts';
import { type Doing, outcomeOf, withBrokenTry } from './doing.ts';
import { classOfJob } from './failure-class.ts';
import { fetchAhead, isForFetchAhead } from './fetch-ahead.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { isListing, listAhead } from './list-ahead.ts';
import { isRemoval, removeTogether } from './remove-together.ts';
import { isForAhead, sendAhead, wayAhead } from './send-ahead.ts';
import type { BegunJob, DoneTogether, TakeFront } from './together.ts';
import type { NoConnection, Outcome, TransferJob } from './transfer-jobs.ts';

/**
 * Do some jobs, each tried once; neighbours that take fewer round trips together are done together.
 *
 * @param waiting those to be done, taken from the front as they are begun; others may come to it meanwhile
 * @returns why there is no connection for those that have no outcome; `null` when all have one
 */
export async function doJobs(waiting: TransferJob[], doing: Doing): Promise<NoConnection | null> {
  while (waiting.length > 0) {
    const opened = await outcomeOf(() => doing.session.open());
    if (!opened.ok) return { error: opened.error };
    const { left, broken } = await doFirst(waiting, opened.value, doing);
    const without = await doLeft(left, doing, broken && lose(broken.jobs, broken.error, doing));
    if (without) return without;
  }
  return null;
}

/** The first job, and those behind it that go along. */
async function doFirst(jobs: TransferJob[], connection: FtpConnection, doing: Doing): Promise<DoneTogether> {
  const together = doing.session.mayGoAhead(connection) ? await doTogether(jobs, connection, doing) : undefined;
  if (!together) return { left: jobs.splice(0, 1).map((job) => ({ job })) };
  const { left, broken } = together;
  if (!broken) return together;
  // Nobody knows what further answers would answer.
  connection.close();
  return doing.session.learnFrom(broken.error) ? { left: [...left, ...broken.jobs] } : together;
}

async function doTogether(
  jobs: TransferJob[],
  connection: FtpConnection,
  doing: Doing,
): Promise<DoneTogether | undefined> {
  const { session } = doing;
  const way = wayAhead(session, connection);
  const isFile = (job: TransferJob) => isForAhead(job, session);
  if (way && lead(jobs, isFile)) return sendAhead(frontOf(jobs, isFile), way, doing);
  const { passive } = connection;
  if (passive && lead(jobs, isListing, 2)) return listAhead(frontOf(jobs, isListing), connection, passive, doing);
  const isFetch = (job: TransferJob): job is TransferJob & { readonly kind: 'download' } =>
    isForFetchAhead(job, session);
  if (passive && lead(jobs, isFetch, 2)) return fetchAhead(frontOf(jobs, isFetch), connection, passive, doing);
  if (lead(jobs, isChange, 2)) return changeTogether(frontOf(jobs, isChange), connection, doing);
  return lead(jobs, isRemoval, 2) ? removeTogether(frontOf(jobs, isRemoval), connection, doing) : undefined;
}

/** Do so many of a kind stand at the front? */
function lead(jobs: readonly TransferJob[], isOfKind: (job: TransferJob) => boolean, count = 1): boolean {
  return jobs.length >= count && jobs.slice(0, count).every(isOfKind);
}

function frontOf<Kind extends TransferJob>(
  jobs: TransferJob[],
  isOfKind: (job: TransferJob) => job is Kind,
): TakeFront<Kind> {
  return (most) => {
    const taken: Kind[] = [];
    for (let [job] = jobs; job && taken.length < most && isOfKind(job); [job] = jobs) {
      jobs.shift();
      taken.push(job);
    }
    return taken;
  };
}

/**
 * Do jobs one by one, as long as there is a connection to be had.
 *
 * @param without why there is none already
 */
async function doLeft(
  jobs: readonly BegunJob[],
  doing: Doing,
  without: NoConnection | undefined,
): Promise<NoConnection | undefined> {
  let reason = without;
  for (const begun of jobs) {
    if (!reason) reason = await doOne(begun, doing);
    // One of which nothing was told goes back as it is.
    else if (begun.report) lose([begun], fromPlain({ ...reason.error, code: 'E_LOST', retry: true }), doing);
  }
  return reason;
}

async function doOne({ job, report }: BegunJob, { session, settle }: Doing): Promise<NoConnection | undefined> {
  const outcome = asBegun(await outcomeOf(() => session.do(job, report)), report);
  if (!outcome.ok && classOfJob(outcome.error) === 'capacity') return { error: outcome.error, begun: job.job };
  settle(job.job, withBrokenTry(outcome, session, job));
  return undefined;
}

/** Of what was begun before, nobody knows any more that it was not done. */
function asBegun(outcome: Outcome, report: JobReport | undefined): Outcome {
  if (outcome.ok || outcome.error.code !== 'E_CLOSED' || !report) return outcome;
  return { ok: false, error: { ...outcome.error, code: 'E_LOST', retry: true } };
}

/**
 * Tell of jobs that the connection broke under.
 *
 * @returns that the server has no room for the connection, when that is why: one of the jobs stands for it, the others have
 *   only lost it
 */
function lose(jobs: readonly BegunJob[], error: TransferError, { session, settle }: Doing): NoConnection | undefined {
  const reason = toPlain(error);
  const [first] = classOfJob(reason) === 'capacity' ? jobs : [];
  for (const begun of jobs) {
    begun.report?.end(error);
    const told = first ? ({ ...reason, code: 'E_LOST' } as const) : reason;
    if (begun !== first) settle(begun.job.job, withBrokenTry({ ok: false, error: told }, session, begun.job));
  }
  return first && { error: reason, begun: first.job.job };
}
