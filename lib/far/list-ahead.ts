import { parseList, parseMlsd } from '../ftp/listing.ts';
import type { FarEntry } from '../transfer/transport.ts';
import { receiveListing } from './data-ahead.ts';
import { type Dialogue, PortRefused } from './dialogue.ts';
import type { Doing } from './doing.ts';
import { farError } from './far-error.ts';
import { done } from './far-reply.ts';
import { type FtpConnection, MOST_IN_FLIGHT } from './ftp-connection.ts';
import { isRareName } from './kept-name.ts';
import { farEntry, timedBy, timeQuestion } from './list-folder.ts';
import { portIn } from './passive-mode.ts';
import type { DoneTogether, TakeFront } from './together.ts';
import type { PassiveCommand, TransferJob } from './transfer-jobs.ts';
import { mayBeUnread } from './whole-listing.ts';

/** A job that lists a folder. */
type ListJob = TransferJob & { readonly kind: 'list' };

/** A folder that was listed, with files whose times are still to be asked for. */
interface Listed {
  readonly job: ListJob;
  readonly entries: FarEntry[];
  /** How many times are missing. */
  open: number;
}

/** Where the answer to a question goes. */
interface Question {
  readonly command: string;
  readonly listed: Listed;
  readonly index: number;
}

/** Can a job be done by {@link listAhead}? Names of a rare kind want a look at how the server takes them. */
export function isListing(job: TransferJob): job is ListJob {
  return job.kind === 'list' && !isRareName(job.path);
}

/**
 * List folders one behind the other, in three round trips each: with the announcement of the next travel the questions for
 * the times of the files in the one before, where its listing does not tell them.
 */
export async function listAhead(
  take: TakeFront<ListJob>,
  connection: FtpConnection,
  passive: PassiveCommand,
  { session, settle }: Doing,
): Promise<DoneTogether> {
  const underWay = new Set<ListJob>();
  const left: ListJob[] = [];
  const end = (job: ListJob) => underWay.delete(job);
  try {
    await connection.ahead(async (dialogue) => {
      const lists = new Lists({
        ...{ dialogue, connection, passive, pairId: session.errand.rules.pairId },
        onListed: (job, entries) => end(job) && settle(job.job, { ok: true, value: entries }),
        onRefused: (job) => end(job) && left.push(job),
      });
      for (let [job] = take(1); job; [job] = take(1)) {
        underWay.add(job);
        await lists.list(job);
        if (left.length > 0) break;
      }
      await lists.finish();
    });
  } catch (error) {
    // Asked one by one, each of them tells what is wrong with it.
    session.learnFrom(farError('Cannot list ahead', error));
    left.push(...underWay);
  }
  return { left: left.map((job) => ({ job })) };
}

/** What {@link Lists} works with. */
interface ListsSurroundings {
  readonly dialogue: Dialogue;
  readonly connection: FtpConnection;
  readonly passive: PassiveCommand;
  readonly pairId: string;
  readonly onListed: (job: ListJob, entries: readonly FarEntry[]) => void;
  readonly onRefused: (job: ListJob) => void;
}

class Lists {
  readonly #surroundings: ListsSurroundings;
  #questions: Question[] = [];

  constructor(surroundings: ListsSurroundings) {
    this.#surroundings = surroundings;
  }

  async list(job: ListJob): Promise<void> {
    const { dialogue, connection, passive, onRefused } = this.#surroundings;
    const verb = connection.features.has('MLST') ? 'MLSD' : 'LIST';
    while (this.#questions.length > MOST_IN_FLIGHT) await this.#ask();
    const listing = verb === 'LIST' ? 'LIST -a' : verb;
    await this.#ask([`CWD ${connection.absolute(job.path)}`, passive, listing]);
    const entered = await dialogue.answer('CWD');
    const opened = await dialogue.answer(passive);
    if (!done(opened)) throw new PortRefused(opened);
    const { socket, text } = receiveListing(portIn(opened, passive), dialogue.data);
    try {
      // What was listed after a refused CWD is another folder.
      const isListed = done(await dialogue.answer(verb)) && done(entered);
      if (isListed && (verb === 'MLSD' || !mayBeUnread(connection, await text))) this.#take(job, await text);
      else onRefused(job);
    } finally {
      socket.destroy();
    }
  }

  async finish(): Promise<void> {
    while (this.#questions.length > 0) await this.#ask();
  }

  #take(job: ListJob, text: string): void {
    const { connection, pairId, onListed } = this.#surroundings;
    const tellsTimes = connection.features.has('MLST');
    const parsed = tellsTimes ? parseMlsd(text) : parseList(text);
    const entries = parsed.entries.map((entry) => farEntry(entry, pairId));
    const listed: Listed = { job, entries, open: 0 };
    const folder = connection.absolute(job.path);
    for (const [index, entry] of tellsTimes ? [] : entries.entries()) {
      if (entry.kind !== 'file') continue;
      listed.open += 1;
      this.#questions.push({ command: timeQuestion(folder, entry), listed, index });
    }
    if (listed.open === 0) onListed(job, entries);
  }

  /** Ask for times, and with them what comes next. */
  async #ask(next: readonly string[] = []): Promise<void> {
    const { dialogue, onListed } = this.#surroundings;
    const asked = this.#questions.slice(0, MOST_IN_FLIGHT);
    this.#questions = this.#questions.slice(MOST_IN_FLIGHT);
    dialogue.send([...asked.map(({ command }) => command), ...next]);
    for (const { listed, index } of asked) {
      const reply = await dialogue.answer('MDTM');
      const entry = listed.entries[index];
      if (entry) listed.entries[index] = timedBy(reply, entry);
      listed.open -= 1;
      if (listed.open === 0) onListed(listed.job, listed.entries);
    }
  }
}
