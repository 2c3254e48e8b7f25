import { SameFile } from '../transfer/same-file.ts';
import { sizeIn } from './check-sent.ts';
import type { Doing } from './doing.ts';
import { farError } from './far-error.ts';
import { done, type Reply } from './far-reply.ts';
import { type FtpConnection, MOST_IN_FLIGHT } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { isRareName } from './kept-name.ts';
import { timeIn } from './list-folder.ts';
import { nextOf } from './next-of.ts';
import type { BegunJob, DoneTogether } from './together.ts';
import type { RemoveJob, TransferJob } from './transfer-jobs.ts';

/** Files that are asked for in one flight, with two commands each, in which as many others are removed. */
const MOST_ASKED = Math.floor(MOST_IN_FLIGHT / 3);

/** A removal that was begun. */
interface Removal extends BegunJob {
  readonly job: RemoveJob;
  readonly report: JobReport;
}

/** Is a job one for {@link removeTogether}? Names of a rare kind want a look at how the server takes them. */
export function isRemoval(job: TransferJob): job is RemoveJob {
  return job.kind === 'remove' && job.trash === undefined && job.known !== undefined && !isRareName(job.path);
}

/**
 * Remove files, many to a flight: with the questions whether some are still what was sent travel the removals of those whose
 * answers said so.
 *
 * What is not as plain as that is left: the file is gone, or others changed it, or the server does not tell enough.
 */
export async function removeTogether(
  jobs: Iterator<RemoveJob>,
  connection: FtpConnection,
  doing: Doing,
): Promise<DoneTogether> {
  const run = new Run(connection, doing);
  let begun = 0;
  try {
    do {
      const next = run.left.length > 0 ? [] : nextOf(jobs, MOST_ASKED);
      begun += next.length;
      await run.fly(next);
    } while (run.hasSure);
    return { begun, left: run.left };
  } catch (error) {
    return { begun, left: run.left, broken: { jobs: run.underWay, error: farError('Cannot remove files', error) } };
  }
}

class Run {
  readonly left: Removal[] = [];
  readonly #connection: FtpConnection;
  readonly #doing: Doing;
  /** They are still what was sent. */
  #sure: readonly Removal[] = [];
  #asked: readonly Removal[] = [];

  constructor(connection: FtpConnection, doing: Doing) {
    this.#connection = connection;
    this.#doing = doing;
  }

  get hasSure(): boolean {
    return this.#sure.length > 0;
  }

  get underWay(): readonly Removal[] {
    return [...this.#sure, ...this.#asked];
  }

  /** Remove those that are sure, and ask for the next. */
  async fly(jobs: readonly RemoveJob[]): Promise<void> {
    this.#asked = jobs.map((job) => ({ job, report: this.#doing.session.report(job) }));
    const pathOf = ({ job }: Removal) => this.#connection.absolute(job.path);
    const replies = await this.#connection.flight([
      ...this.#sure.map((removal) => `DELE ${pathOf(removal)}`),
      ...this.#asked.flatMap((removal) => [`SIZE ${pathOf(removal)}`, `MDTM ${pathOf(removal)}`]),
    ]);
    const removed = replies.slice(0, this.#sure.length);
    const answers = replies.slice(this.#sure.length);
    for (const [index, removal] of this.#sure.entries()) this.#settle(removal, removed[index]);
    const isSure = ({ job }: Removal, index: number) => isStill(job, answers[2 * index], answers[2 * index + 1]);
    this.left.push(...this.#asked.filter((removal, index) => !isSure(removal, index)));
    this.#sure = this.#asked.filter(isSure);
    this.#asked = [];
  }

  #settle(removal: Removal, reply: Reply | undefined): void {
    if (!reply || !done(reply)) {
      this.left.push(removal);
      return;
    }
    removal.report.end();
    this.#doing.settle(removal.job.job, { ok: true, value: null });
  }
}

/** Do both answers say so? One of them alone may be wrong, or of something that others put there. */
function isStill({ known }: RemoveJob, sized: Reply | undefined, dated: Reply | undefined): boolean {
  const size = sizeIn(sized);
  const mtimeMs = timeIn(dated);
  if (known === undefined || size === undefined || mtimeMs === undefined) return false;
  return new SameFile(true).isStill(known, { kind: 'file', size, mtimeMs });
}
