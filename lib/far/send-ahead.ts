import { type Doing, outcomeOf } from './doing.ts';
import { farError } from './far-error.ts';
import type { FarSession } from './far-session.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { isRareName } from './kept-name.ts';
import { isSmall, type Parcel, pack } from './parcel.ts';
import { Pipeline } from './pipeline.ts';
import type { TimeWay } from './set-time.ts';
import type { BegunJob, DoneTogether, TakeFront } from './together.ts';
import type { PassiveCommand, TransferJob, UploadJob } from './transfer-jobs.ts';

// ProFTPD refuses a port now and then, less than once in ten thousand; a server that does it again is not made for this.
const MOST_REFUSED_PORTS = 2;

/** How files are sent ahead on a connection. */
export interface AheadWay {
  readonly passive: PassiveCommand;
  readonly timeWay: TimeWay;
}

/** How small files are sent ahead; `undefined` until one that was sent in the plain way has shown how the server is. */
export function wayAhead({ errand, habits }: FarSession, { passive }: FtpConnection): AheadWay | undefined {
  const { timeWay, tellsSize, refusesRename } = habits;
  const isKnown = tellsSize && !refusesRename && errand.rules.verify !== 'hash';
  return isKnown && timeWay !== undefined && passive !== undefined ? { passive, timeWay } : undefined;
}

/** Can a job be done by sending a file ahead? What was tried before, or has a name of a rare kind, goes the plain way. */
export function isForAhead(job: TransferJob | undefined, session: FarSession): job is UploadJob {
  if (job?.kind !== 'upload' || job.attempt > 1 || job.before !== undefined) return false;
  if (session.brokenTry(job.path) !== undefined) return false;
  return isSmall(job.upload, session.errand.rules) && !isRareName(job.path);
}

/** Send small files, one behind the other; those before the first that is refused or breaks off have then arrived. */
export async function sendAhead(
  take: TakeFront<UploadJob>,
  way: AheadWay,
  { session, settle }: Doing,
): Promise<DoneTogether> {
  const run = new Run(session, settle);
  try {
    const connection = await session.open();
    await connection.ahead(async (dialogue) => {
      const waitsForPort = session.habits.refusedPorts >= MOST_REFUSED_PORTS;
      const pipeline = new Pipeline({ ...way, ...run.told, dialogue, waitsForPort });
      for (let [job] = take(1); job; [job] = take(1)) {
        const parcel = await run.begin(job, connection);
        if (parcel) await pipeline.send(parcel);
        if (run.left.length > 0) break;
      }
      await pipeline.finish();
    });
  } catch (error) {
    const jobs = run.underWay;
    return { left: run.left, broken: { jobs, error: farError('Cannot send ahead', error) } };
  }
  return { left: run.left };
}

/** What is under way while files are sent ahead. */
class Run {
  readonly left: BegunJob[] = [];
  readonly #session: FarSession;
  readonly #settle: Doing['settle'];
  readonly #underWay = new Set<Parcel>();

  constructor(session: FarSession, settle: Doing['settle']) {
    this.#session = session;
    this.#settle = settle;
  }

  readonly told = {
    onNamed: (parcel: Parcel) => this.#onNamed(parcel),
    onRefused: (parcel: Parcel) => this.#onRefused(parcel),
  };

  /** @returns `undefined` when the file cannot be read, which is told, or has grown, which is left to the plain way */
  async begin(job: UploadJob, connection: FtpConnection): Promise<Parcel | undefined> {
    const packed = await outcomeOf(async () => pack(job, this.#session, connection));
    if (packed.ok && 'content' in packed.value) {
      this.#underWay.add(packed.value);
      return packed.value;
    }
    if (packed.ok) {
      this.left.push(packed.value);
      return undefined;
    }
    this.#settle(job.job, packed);
    return undefined;
  }

  get underWay(): readonly Parcel[] {
    return [...this.#underWay];
  }

  #onNamed(parcel: Parcel): void {
    this.#underWay.delete(parcel);
    const { job, report, version } = parcel;
    report.moved.bytes = version.size;
    report.end();
    this.#settle(job.job, { ok: true, value: version });
  }

  #onRefused(parcel: Parcel): void {
    this.#underWay.delete(parcel);
    this.#session.habits.refusals += 1;
    this.left.push(parcel);
  }
}
