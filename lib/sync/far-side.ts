import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { type Directory, foldersAbove, parentOf } from '../files/directory.ts';
import { SameFile } from '../transfer/same-file.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Transport } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import { believe } from './believe.ts';
import { ClosedFolders } from './closed-folders.ts';
import { correctKnown, type Differences } from './correct-known.ts';
import type { Tally } from './cycle-summary.ts';
import { FarListing } from './far-listing.ts';
import { forgetChanged } from './forget-changed.ts';
import { leftFolders } from './left-folders.ts';
import { listTree } from './list-tree.ts';
import { Listed } from './listed.ts';
import { LookedAt } from './looked-at.ts';
import { countMissing, isSuspicious } from './missing-share.ts';
import type { PairJournal } from './pair-journal.ts';
import { isUnsure, UNSURE, type Version } from './pair-state.ts';
import type { NearTree, Step } from './plan.ts';
import type { Refusals } from './refusals.ts';
import { StaleTemporaries } from './stale-temporaries.ts';
import { Strangers } from './strangers.ts';

/** What is asked of the far side, and how often. */
export interface FarSideOptions {
  readonly transport: Transport;
  readonly journal: PairJournal;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Tell what would be done and do nothing. */
  readonly dryRun: boolean;
  /** After how many milliseconds the far side is listed again, to see what others changed there; never by default. */
  readonly relistEveryMs?: number;
  /** Remove what others have on the far side, too; seen when it is listed. */
  readonly deleteExtra?: boolean;
}

/** What {@link FarSide.look} works with. */
export interface LookOptions {
  readonly tally: Tally;
  /** No further folder is listed after it is aborted. */
  readonly signal: AbortSignal;
}

/** The far side: what the journal says is there, and now and then a look whether it is. */
export class FarSide {
  readonly #options: FarSideOptions;
  readonly #refusals: Refusals;
  readonly #temporaries: StaleTemporaries;
  readonly #strangers = new Strangers();
  #isAsked = false;
  /** The last listing that showed what others have, by its time. */
  #strangersSeenMs: number | undefined;
  /** Did it show all folders, and is it not noted yet that nothing of others is left? */
  #sawAll = false;
  readonly #lookedAt = new LookedAt();
  readonly #closed: ClosedFolders;

  /** @param refusals are told when they are over */
  constructor(options: FarSideOptions, refusals: Refusals) {
    this.#options = options;
    this.#refusals = refusals;
    this.#temporaries = new StaleTemporaries(options);
    this.#closed = new ClosedFolders(options.logger);
  }

  /** Have it listed in the next cycle. */
  ask(): void {
    this.#isAsked = true;
  }

  /** What is to be made like the near side: what is known to be there, and with it what of others is to be removed. */
  get content(): Directory {
    return this.#strangers.with(this.#options.journal.far);
  }

  /** Is the entry at this path one of others, which is to be removed? */
  isStranger(path: string): boolean {
    return this.#strangers.has(path);
  }

  /**
   * With which size and time the file at this path was sent; `undefined` when it is to be removed whatever it is by now:
   * one of others that was listed, or the mirror's own with a content that nobody knows.
   */
  knownAt(path: string): Version | undefined {
    if (this.isStranger(path)) return undefined;
    const { journal } = this.#options;
    const known = journal.far.fileAt(path);
    if (known && isUnsure(known) && journal.knowsFolder(parentOf(path))) return undefined;
    const { size, mtimeMs } = known ?? UNSURE;
    return { size, mtimeMs };
  }

  /** Could it not be seen in this cycle whether what is known at this path is still the mirror's own? */
  isHidden(path: string): boolean {
    return this.#lookedAt.isHidden(path);
  }

  /** In a dry run: the folders that removals would leave, since others have entries in them. */
  leftBy(steps: readonly Step[]): ReadonlySet<string> {
    return leftFolders(steps, (folder) => this.#lookedAt.entriesIn(folder));
  }

  /** A step need not be done again. */
  settled(step: Step): void {
    if (step.kind === 'upload') this.#temporaries.named(step);
    else this.#strangers.forget(step.path);
  }

  /**
   * Make sure that the journal can be believed: list the whole far side where that is due, or else those folders in
   * which a step of an earlier run or cycle may have been done or not. Most of the time there is nothing to do.
   *
   * @throws TransferError, or the reason of the signal: then nothing of what is known has changed
   */
  async look(near: NearTree, { tally, signal }: LookOptions): Promise<void> {
    this.#lookedAt.clear();
    if (this.#isDue()) {
      const wasAsked = this.#isAsked;
      // Whoever asks from here on may have changed what is listed already.
      this.#isAsked = false;
      try {
        await this.#list(near, { tally, signal });
      } catch (error) {
        this.#isAsked ||= wasAsked;
        throw error;
      }
    } else if (this.#options.journal.doubts().length > 0 || !this.#temporaries.isEmpty) {
      await this.connect();
      const folders = new Set(this.#options.journal.doubts().map(({ path }) => parentOf(path)));
      await believe(await this.#listSome(folders, { tally, signal }), this.#options);
    }
  }

  /**
   * Look into those folders from which files are to be removed that no listing has shown since records may have been lost:
   * nobody knows what in them is a stranger's. In a dry run, in which no removal will say what others changed or have in a
   * folder, look into all of them, and into the folders to be removed.
   *
   * @returns whether what is known may be other than before
   * @throws TransferError, or the reason of the signal: then nothing of what is known has changed
   */
  async lookBefore(removals: readonly Step[], options: LookOptions): Promise<boolean> {
    const { journal, logger, dryRun } = this.#options;
    // Most of the time: then no path of many is looked at.
    if (!dryRun && journal.unseen.size === 0) return false;
    const paths = removals
      .filter(({ kind, path }) => kind === 'remove' && !this.isStranger(path))
      .map(({ path }) => path)
      .filter((path) => !this.#lookedAt.has(parentOf(path)) && (dryRun || !journal.knowsFolder(parentOf(path))));
    const emptied = dryRun ? removals.filter(({ kind, path }) => kind === 'rmdir' && !this.#lookedAt.has(path)) : [];
    if (paths.length + emptied.length === 0) return false;
    await this.connect();
    const folders = new Set([...paths.map(parentOf), ...emptied.map(({ path }) => path)]);
    const listing = await this.#listSome(folders, options);
    const changed = await forgetChanged(paths, listing, journal);
    if (changed > 0) logger.warn(`Left on the site : ${changed} files that others changed since they were sent`);
    return true;
  }

  /** Remember that nothing of others is left, when that is so: the next run need not look for it. */
  remember(): void {
    const { journal } = this.#options;
    if (!this.#sawAll || !this.#strangers.isEmpty) return;
    this.#sawAll = false;
    journal.onlyOwnIsThere();
  }

  /** @returns whether what was known of the far side is not true any more: its root was gone, and all in it */
  async connect(): Promise<boolean> {
    const { transport, journal, logger } = this.#options;
    const isNew = await transport.connect();
    this.#refusals.end();
    if (!isNew || journal.far.isEmpty) return false;
    logger.warn('The folder on the site was gone : all that is mirrored is sent again');
    this.#strangers.clear();
    const judging = { sameFile: new SameFile(true), mayBeHalfDone: () => false, mayBeMade: () => false };
    correctKnown('', new Listed([]), journal, judging);
    return true;
  }

  /**
   * Remove what earlier uploads left half-done, in the folders that {@link look} listed.
   *
   * @param ahead what is still to be sent: an upload may go on where it was interrupted
   */
  async sweep(ahead: readonly Step[], tally: Tally): Promise<void> {
    tally.failed += await this.#temporaries.sweep(ahead);
  }

  /**
   * Look into folders in which an upload may have left more than one temporary file, and remove those.
   *
   * @param ahead what is still to be sent
   */
  async tidy(folders: ReadonlySet<string>, ahead: readonly Step[], tally: Tally): Promise<void> {
    if (folders.size === 0) return;
    this.#take(await this.#lists(folders), tally);
    await this.sweep(ahead, tally);
  }

  #isDue(): boolean {
    const { journal, clock, relistEveryMs = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#isAsked || !journal.farIsKnown || this.#wantsStrangers()) return true;
    if (relistEveryMs === Number.POSITIVE_INFINITY) return false;
    const sinceMs = clock.now() - (journal.farListedMs ?? 0);
    // A clock that was set back would otherwise put it off for as long.
    return sinceMs >= relistEveryMs || sinceMs < 0;
  }

  /** Is what others have to be removed, and was the last listing one that did not look for it? */
  #wantsStrangers(): boolean {
    const { journal, deleteExtra } = this.#options;
    if (!deleteExtra) return false;
    return journal.farListedMs !== journal.ownOnlyMs && journal.farListedMs !== this.#strangersSeenMs;
  }

  async #list(near: NearTree, { tally, signal }: LookOptions): Promise<void> {
    const { journal, clock } = this.#options;
    await this.connect();
    const listing = await this.#listTwiceIfShort(near, signal);
    const wasKnown = journal.farIsKnown;
    const found = await believe(listing, { journal, near: near.root });
    this.#closed.clear();
    this.#take(listing, tally);
    if (wasKnown) this.#tellDifferences(listing, found);
    // What nothing is known of for sure stays unknown until it can be seen.
    if (!wasKnown) for (const path of listing.closed.keys()) journal.folderIsUnseen(path);
    journal.farListed(clock.now());
    if (!this.#options.deleteExtra) return;
    this.#strangers.find(listing, near, journal.far);
    this.#strangersSeenMs = journal.farListedMs;
    this.#sawAll = listing.closed.size === 0;
  }

  /** A listing that shows less than half of what was sent may be a short one: servers cut them, and say so or not. */
  async #listTwiceIfShort(near: NearTree, signal: AbortSignal): Promise<FarListing> {
    const { journal, logger } = this.#options;
    const listing = await this.#listAll(near, signal);
    const { missing, known } = countMissing(journal.far, listing);
    if (!isSuspicious({ missing, known })) return listing;
    logger.warn(`Listing the site again : ${missing} of ${known} entries that were sent are not in the first listing`);
    return this.#listAll(near, signal);
  }

  async #listAll(near: NearTree, signal: AbortSignal): Promise<FarListing> {
    const { journal, deleteExtra = false } = this.#options;
    const listing = new FarListing(this.#options);
    const inDoubt = foldersAbove(journal.doubts().map(({ path }) => path));
    const isWanted = (path: string) => inDoubt.has(path) || (deleteExtra && !near.keeps(path, 'directory'));
    await listTree(listing, { near: near.root, known: journal.far, isWanted, signal });
    return listing;
  }

  /** A folder that cannot be listed is logged and counted; what is in doubt there stays so. */
  async #listSome(folders: ReadonlySet<string>, { tally, signal }: LookOptions): Promise<FarListing> {
    const listing = await this.#lists(folders);
    // To stop, connections are closed, and folders with them.
    signal.throwIfAborted();
    this.#take(listing, tally);
    return listing;
  }

  async #lists(folders: ReadonlySet<string>): Promise<FarListing> {
    const listing = new FarListing(this.#options);
    const list = async (folder: string) => {
      try {
        await listing.add(folder);
      } catch (error) {
        if (!(error instanceof TransferError) || error.fatal) throw error;
        listing.closed.set(folder, error);
      }
    };
    await allEnded([...folders].map(list));
    return listing;
  }

  #take(listing: FarListing, tally: Tally): void {
    this.#lookedAt.add(listing);
    if (this.#options.dryRun) this.#lookedAt.keep(listing);
    this.#temporaries.found(listing.temporaries());
    this.#closed.take(listing, tally);
  }

  #tellDifferences({ folders }: FarListing, { gone, changed }: Differences): void {
    const { logger } = this.#options;
    if (gone + changed === 0) logger.info(`Site listed : ${folders.size} folders, all is as it was sent`);
    else logger.warn(`Site changed by others : ${gone} entries are gone, ${changed} files have another content`);
  }
}
