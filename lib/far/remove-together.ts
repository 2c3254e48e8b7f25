import { SameFile } from '../transfer/same-file.ts';
import { sizeIn } from './check-sent.ts';
import type { Dialogue } from './dialogue.ts';
import type { Doing } from './doing.ts';
import { farError } from './far-error.ts';
import { done, type Reply, timeIn } from './far-reply.ts';
import { type FtpConnection, MOST_IN_FLIGHT } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { isRareName } from './kept-name.ts';
import type { BegunJob, DoneTogether, TakeFront } from './together.ts';
import type { RemoveJob, TransferJob } from './transfer-jobs.ts';

// Files that are asked for in one flight, with two commands each, in which as many others are removed.
const MOST_ASKED = Math.floor(MOST_IN_FLIGHT / 3);
// On the way at a time: ProFTPD and vsftpd hold some answers of a long flight back until the first ones have arrived (they do
// without TCP_NODELAY), so that every second flight takes two round trips.
const FLIGHTS = 2;

/** A removal that was begun. */
interface Removal extends BegunJob {
  readonly job: RemoveJob;
  readonly report: JobReport;
}

/** What is on the way in one write. */
interface Flight {
  readonly removed: readonly Removal[];
  readonly asked: readonly Removal[];
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
  take: TakeFront<RemoveJob>,
  connection: FtpConnection,
  doing: Doing,
): Promise<DoneTogether> {
  const run = new Run(take, connection, doing);
  try {
    await connection.ahead((dialogue) => run.through(dialogue));
    return { left: run.left };
  } catch (error) {
    const broken = { jobs: [...run.underWay], error: farError('Cannot remove files', error) };
    return { left: run.left, broken };
  }
}

class Run {
  readonly left: Removal[] = [];
  readonly underWay = new Set<Removal>();
  readonly #take: TakeFront<RemoveJob>;
  readonly #connection: FtpConnection;
  readonly #doing: Doing;

  constructor(take: TakeFront<RemoveJob>, connection: FtpConnection, doing: Doing) {
    this.#take = take;
    this.#connection = connection;
    this.#doing = doing;
  }

  async through(dialogue: Dialogue): Promise<void> {
    const flights: Flight[] = [];
    let sure: readonly Removal[] = [];
    while (true) {
      while (flights.length < FLIGHTS) {
        const flight = this.#send(sure, dialogue);
        sure = [];
        if (!flight) break;
        flights.push(flight);
      }
      const flight = flights.shift();
      if (!flight) break;
      sure = await this.#read(flight, dialogue);
    }
  }

  /** @returns those that are still what was sent */
  async #read({ removed, asked }: Flight, dialogue: Dialogue): Promise<readonly Removal[]> {
    for (const removal of removed) this.#settle(removal, await dialogue.answer('DELE'));
    const sure: Removal[] = [];
    for (const removal of asked) {
      const size = await dialogue.answer('SIZE');
      const time = await dialogue.answer('MDTM');
      if (isStill(removal.job, size, time)) sure.push(removal);
      else this.#leave(removal);
    }
    return sure;
  }

  /** Remove those that are sure, and ask for the next; `undefined` when there is neither. */
  #send(removed: readonly Removal[], dialogue: Dialogue): Flight | undefined {
    const next = this.left.length > 0 ? [] : this.#take(MOST_ASKED);
    const asked = next.map((job) => ({ job, report: this.#doing.session.report(job) }));
    for (const removal of asked) this.underWay.add(removal);
    const pathOf = ({ job }: Removal) => this.#connection.absolute(job.path);
    const commands = [
      ...removed.map((removal) => `DELE ${pathOf(removal)}`),
      ...asked.flatMap((removal) => [`SIZE ${pathOf(removal)}`, `MDTM ${pathOf(removal)}`]),
    ];
    if (commands.length === 0) return undefined;
    dialogue.send(commands);
    return { removed, asked };
  }

  #settle(removal: Removal, reply: Reply): void {
    if (!done(reply)) {
      this.#leave(removal);
      return;
    }
    this.underWay.delete(removal);
    removal.report.end();
    this.#doing.settle(removal.job.job, { ok: true, value: null });
  }

  #leave(removal: Removal): void {
    this.underWay.delete(removal);
    this.left.push(removal);
  }
}

/** Do both answers say so? One of them alone may be wrong, or of something that others put there. */
function isStill({ known }: RemoveJob, sized: Reply, dated: Reply): boolean {
  const size = sizeIn(sized);
  const mtimeMs = timeIn(dated);
  if (known === undefined || size === undefined || mtimeMs === undefined) return false;
  return new SameFile(true).isStill(known, { kind: 'file', size, mtimeMs });
}
