import { fromPlain } from '../transfer/transfer-error.ts';
import type { Downloaded } from '../transfer/transport.ts';
import { sizeIn } from './check-sent.ts';
import { receiveContent } from './data-ahead.ts';
import { type Dialogue, PortRefused } from './dialogue.ts';
import { type Doing, outcomeOf } from './doing.ts';
import { farError } from './far-error.ts';
import { done, timeIn } from './far-reply.ts';
import type { FarSession } from './far-session.ts';
import { takePlace } from './fetch-place.ts';
import { READ_WHOLE } from './file-source.ts';
import { FileTarget } from './file-target.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { JobReport } from './job-report.ts';
import { isRareName } from './kept-name.ts';
import { portIn } from './passive-mode.ts';
import { sendingRules } from './sending.ts';
import type { BegunJob, DoneTogether, TakeFront } from './together.ts';
import type { PassiveCommand, TransferJob } from './transfer-jobs.ts';

// As for files that are sent ahead: a server that refuses more ports than that is not made for it.
const MOST_REFUSED_PORTS = 2;

/** The call that fetches a file. */
type DownloadJob = TransferJob & { readonly kind: 'download' };

/** A small file whose size and time a listing has told. */
interface Order extends BegunJob {
  readonly job: DownloadJob;
  readonly report: JobReport;
  /** Absolute far path. */
  readonly far: string;
  readonly version: { readonly size: number; readonly mtimeMs: number };
}

/** One of which all has come; whether it is still that version is not known yet. */
interface Arrived {
  readonly order: Order;
  readonly content: Buffer;
}

/** Can a job be done by {@link fetchAhead}? What was tried before, or is to be hashed, goes the plain way. */
export function isForFetchAhead(job: TransferJob, { errand, habits }: FarSession): job is DownloadJob {
  if (job.kind !== 'download' || job.attempt > 1 || isRareName(job.path)) return false;
  const { resumeAbove, verify } = sendingRules(errand.rules);
  const { size = Number.POSITIVE_INFINITY, mtimeMs } = job.download;
  const isSmall = size <= READ_WHOLE && size < resumeAbove;
  if (habits.refusedPorts >= MOST_REFUSED_PORTS) return false;
  return isSmall && mtimeMs !== undefined && verify !== 'hash' && !habits.listsOldVersions;
}

/**
 * Fetch small files one behind the other: with the command for the next travels the question whether the one before is
 * still what a listing told. Before that is answered nothing of it is on the disk.
 */
export async function fetchAhead(
  take: TakeFront<DownloadJob>,
  connection: FtpConnection,
  passive: PassiveCommand,
  doing: Doing,
): Promise<DoneTogether> {
  const { session } = doing;
  const underWay = new Set<Order>();
  const left: BegunJob[] = [];
  try {
    await connection.ahead(async (dialogue) => {
      const orders = new Orders({
        ...{ dialogue, passive },
        onArrived: (arrived) => {
          underWay.delete(arrived.order);
          return put(arrived, doing);
        },
        onRefused: (order) => {
          underWay.delete(order);
          session.habits.refusals += 1;
          left.push(order);
        },
        onChanged: (order) => {
          underWay.delete(order);
          session.habits.listsOldVersions = true;
          left.push(order);
        },
      });
      for (let [job] = take(1); job; [job] = take(1)) {
        const order = orderOf(job, connection, session);
        underWay.add(order);
        await orders.fetch(order);
        if (left.length > 0) break;
      }
      await orders.finish();
    });
  } catch (error) {
    return { left, broken: { jobs: [...underWay], error: farError('Cannot fetch ahead', error) } };
  }
  return { left };
}

function orderOf(job: DownloadJob, connection: FtpConnection, session: FarSession): Order {
  const { size = 0, mtimeMs = 0 } = job.download;
  return { job, report: session.report(job), far: connection.absolute(job.path), version: { size, mtimeMs } };
}

/** Put a file in its place, and tell that it is done or why not. */
async function put({ order, content }: Arrived, { session, settle }: Doing): Promise<void> {
  const { job, report, far, version } = order;
  const { pairId } = session.errand.rules;
  const outcome = await outcomeOf(async (): Promise<Downloaded> => {
    const { temporary } = takePlace({ far, version, target: job.download.target, pairId }, false);
    const target = new FileTarget(job.download.target, temporary);
    try {
      await target.write([content]);
      target.finish(version.mtimeMs);
      return version;
    } catch (error) {
      target.discard();
      throw error;
    } finally {
      target.close();
    }
  });
  report.moved.bytes = content.length;
  if (outcome.ok) report.end();
  else report.end(fromPlain(outcome.error));
  settle(job.job, outcome);
}

/** What {@link Orders} works with. */
interface OrdersSurroundings {
  readonly dialogue: Dialogue;
  readonly passive: PassiveCommand;
  /** All of it is here, and it is what the listing told. */
  readonly onArrived: (arrived: Arrived) => Promise<void>;
  /** The server does not give it, or not as much as the listing told. */
  readonly onRefused: (order: Order) => void;
  /** It is something else by now. */
  readonly onChanged: (order: Order) => void;
}

class Orders {
  readonly #surroundings: OrdersSurroundings;
  #arrived: Arrived | undefined;

  constructor(surroundings: OrdersSurroundings) {
    this.#surroundings = surroundings;
  }

  async fetch(order: Order): Promise<void> {
    const { dialogue, passive, onRefused } = this.#surroundings;
    await this.#ask([passive, `RETR ${order.far}`]);
    const opened = await dialogue.answer(passive);
    if (!done(opened)) throw new PortRefused(opened);
    const { socket, content } = receiveContent(portIn(opened, passive), dialogue.data, 2 * READ_WHOLE);
    try {
      const given = done(await dialogue.answer('RETR')) ? await content : undefined;
      if (given?.length === order.version.size) this.#arrived = { order, content: given };
      else onRefused(order);
    } finally {
      socket.destroy();
    }
  }

  finish(): Promise<void> {
    return this.#ask([]);
  }

  /** Ask for the version of the one that has come, and with it for what comes next. */
  async #ask(next: readonly string[]): Promise<void> {
    const { dialogue, onArrived, onChanged } = this.#surroundings;
    const arrived = this.#arrived;
    this.#arrived = undefined;
    const questions = arrived ? [`SIZE ${arrived.order.far}`, `MDTM ${arrived.order.far}`] : [];
    if (questions.length + next.length > 0) dialogue.send([...questions, ...next]);
    if (!arrived) return;
    const size = sizeIn(await dialogue.answer('SIZE'));
    const mtimeMs = timeIn(await dialogue.answer('MDTM'));
    if (isStill(arrived.order, size, mtimeMs)) await onArrived(arrived);
    else onChanged(arrived.order);
  }
}

function isStill({ version }: Order, size: number | undefined, mtimeMs: number | undefined): boolean {
  return size === version.size && Math.floor((mtimeMs ?? -1) / 1000) === Math.floor(version.mtimeMs / 1000);
}
