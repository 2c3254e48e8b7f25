import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import { showDuration } from '../base/show-duration.ts';
import type { LeftOut } from '../files/left-out.ts';
import { printable } from '../files/printable.ts';
import { bytes } from '../sync/messages.ts';
import { progressInWords } from './desk/in-words.ts';
import type { IncomingFile } from './desk/share-desk.ts';
import { leftInWords } from './disk/left-outs.ts';
import { Failures } from './failures.ts';
import type { Link, LinkNotice } from './link/link.ts';
import { type Content, type EntryPath, exists, isSameContent } from './model/entry.ts';
import type { Applied, Change, SavedEntry } from './replica/events.ts';

/** What is known of a fetch: when it was begun, in milliseconds, and how many bytes had not to come. */
interface Begun {
  readonly began: number | undefined;
  readonly hereBytes: number;
}

/** Tells what happens to the share: a line for each entry. */
export class ShareLog {
  readonly #logger: Logger;
  /** When what is wanted for a path was begun, or was first wanted as long as it was not; in milliseconds. */
  readonly #since = new Map<EntryPath, number>();
  /** How many bytes of what was fetched had not to come. */
  readonly #here = new Map<EntryPath, number>();
  readonly #now: () => number;
  readonly #failures: Failures;

  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
    this.#failures = new Failures(now);
  }

  /** Something that the user of the program has to know. */
  told({ level, text }: LinkNotice): void {
    this.#logger[level](text);
  }

  /** What a peer has said could not be dealt with. */
  misheard(address: string, error: unknown): void {
    this.#logger.error(`Not dealt with : what ${address} said, ${messageOf(error)}`);
  }

  /** A content is wanted for a path. */
  wanted(path: EntryPath): void {
    if (!this.#since.has(path)) this.#since.set(path, this.#now());
  }

  /** A content is begun that is wanted for a path: how long it waited for others does not count. @param atMs now, unless told */
  begun(path: EntryPath, atMs: number = this.#now()): void {
    this.#since.set(path, atMs);
    this.#here.delete(path);
  }

  /** So many bytes of it had not to come: they are a part of its rate, and not of what the line carried. */
  here(path: EntryPath, hereBytes: number): void {
    if (hereBytes > 0) this.#here.set(path, hereBytes);
  }

  /** So far is a file that takes its time. */
  underWay(file: IncomingFile): void {
    const { path, size, here, rate } = file;
    const facts = { path, bytes: size, hereBytes: here, bytesPerSecond: rate };
    this.#logger.info(`Under way : ${printable(path)}, ${progressInWords(file)}`, facts);
  }

  /** Something in the share is not shared. */
  leftOut(one: LeftOut): void {
    this.#logger.warn(`Left out : ${printable(one.path)}, ${leftInWords(one)}`, { path: one.path });
  }

  /** A change was made here. */
  found({ entry: { path, content } }: SavedEntry, before: Content | undefined): void {
    if (!exists(content)) this.#logger.info(`Deleted here : ${printable(path)}`);
    else if (content.type === 'directory') this.#logger.info(`Found : folder ${printable(path)}`);
    else {
      const what = before?.type === 'file' ? 'Changed here' : 'Found';
      this.#logger.info(`${what} : ${printable(path)}, ${bytes(content.size)}`, { path, bytes: content.size });
    }
  }

  /** What came from elsewhere cannot be put here, and will be tried again. */
  failed(path: EntryPath, reason: string): void {
    const failedMs = this.#failures.failed(path, reason);
    if (failedMs === 0) this.#logger.warn(`Failed : ${printable(path)}, ${reason}; it is tried again`, { path });
    else if (failedMs !== undefined)
      this.#logger.warn(`Still failing : ${printable(path)}, for ${showDuration(failedMs)}, ${reason}`, {
        path,
        failedMs,
      });
  }

  /** A change that came from elsewhere has come to its end. */
  applied({ path, to, from, saveAs }: Change, outcome: Applied): void {
    const { began, hereBytes } = this.#begunAt(path);
    if (outcome.result === 'changed') return;
    if (outcome.result === 'failed') {
      this.failed(path, outcome.reason);
      return;
    }
    this.#mended(path);
    if (saveAs !== undefined) {
      const kept = outcome.saved?.path ?? saveAs;
      this.#logger.warn(
        `Conflict : ${printable(path)} was changed on two machines, the older change is now ${printable(kept)}`,
        {
          path,
          kept,
        },
      );
    }
    // What is known of it has come, and is as it was known here: as after a peer has lost its state.
    if (isSameContent(from.content, to)) return;
    if (!exists(to)) this.#logger.info(`Deleted : ${printable(path)}`, { path });
    else if (to.type === 'directory') this.#logger.info(`Received : folder ${printable(path)}`, { path });
    else if (from.content.type === 'file' && from.content.id === to.id)
      this.#logger.info(`Touched : ${printable(path)}`, { path });
    else this.#received(path, to.size, { began, hereBytes });
  }

  #mended(path: EntryPath): void {
    const failedMs = this.#failures.mended(path);
    if (failedMs !== undefined)
      this.#logger.info(`Mended : ${printable(path)}, after ${showDuration(failedMs)}`, { path, failedMs });
  }

  /** This peer goes on as a new one, for what another one has said. */
  renewed(who: Link | undefined): void {
    const what = `${addressOf(who)} has heard more of this peer than it knows itself, so what is kept here is an earlier copy`;
    this.#logger.warn(`State restored : ${what}; it goes on as a new peer, and nothing is lost`);
  }

  /** All that lies here is told anew, for what another one has forgotten. */
  retold(who: Link | undefined): void {
    const what = `${addressOf(who)} has forgotten deletions that this peer has not heard of`;
    this.#logger.warn(`Away too long : ${what}; all that lies here is told anew, and what was deleted may come back`);
  }

  #begunAt(path: EntryPath): Begun {
    const begun = { began: this.#since.get(path), hereBytes: this.#here.get(path) ?? 0 };
    this.#since.delete(path);
    this.#here.delete(path);
    return begun;
  }

  #received(path: EntryPath, size: number, { began, hereBytes }: Begun): void {
    // What takes less than the clock can tell took at least something: so each line has a rate.
    const tookMs = Math.max(1, began === undefined ? 0 : this.#now() - began);
    const bytesPerSecond = Math.round((size * 1000) / tookMs);
    const pace = `${bytes(size)} in ${(tookMs / 1000).toFixed(1)} s, ${bytes(bytesPerSecond)}/s`;
    const partly = hereBytes === 0 ? '' : `, of which ${bytes(hereBytes)} were here`;
    const facts = { path, bytes: size, hereBytes, tookMs, bytesPerSecond };
    this.#logger.info(`Received : ${printable(path)}, ${pace}${partly}`, facts);
  }
}

function addressOf(link: Link | undefined): string {
  return link?.peer.address ?? 'A peer';
}
