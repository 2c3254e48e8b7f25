import { codeOf, messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Filter } from '../files/filter.ts';
import { isFault, isReported, type LeftOut, LeftOutIndex } from '../files/left-out.ts';
import { type Scan, type ScanOptions, scan } from '../files/scan.ts';
import {
  GuardError,
  type GuardRules,
  guardAgainstEmptyRoot,
  guardAgainstReplacedRoot,
  isMostGone,
  lossOf,
} from './guards.ts';
import { leaveOutLostDisks } from './lost-disks.ts';
import { describeLeftOut } from './messages.ts';
import type { PairJournal } from './pair-journal.ts';
import type { NearTree } from './plan.ts';

const LINK_HINT = '; --links follow takes in what it points to';

/** Where the near folder lies and what of it is mirrored. */
export interface NearSideOptions {
  /** Absolute path of the near folder. */
  readonly localRoot: string;
  /** How deep it is mirrored: an entry directly in it has depth 1. */
  readonly maxDepth: number;
  /** What becomes of symbolic links. */
  readonly links: ScanOptions['links'];
  /** What is left out; asked for at the begin of each cycle, since an ignore file may change. */
  readonly filter: () => Filter;
  readonly guards: GuardRules;
  /** What is known of both sides. */
  readonly journal: PairJournal;
  readonly logger: Logger;
}

/** The near folder at the begin of a cycle. */
export interface NearView extends NearTree {
  /** How many entries could not be read. */
  readonly unreadable: number;
  /** Has the user said that it is meant to be as it is, though so much is gone? */
  readonly isMeant: boolean;
  /** How many entries were left out for another reason than the user's filters, those among them. */
  readonly leftOut: number;
}

const NO_LOSS = { gone: 0, known: 0 };

/** The near folder, looked at once a cycle. */
export class NearSide {
  readonly #options: NearSideOptions;
  #told: ReadonlySet<string> = new Set();
  #identity: string | undefined;

  constructor(options: NearSideOptions) {
    this.#options = options;
  }

  /**
   * Scan the folder, and tell of what cannot be mirrored.
   *
   * @throws GuardError when the folder is gone, empty or another one, but was not before; FilesError when it cannot be
   *   read; JournalError
   */
  async look(signal: AbortSignal): Promise<NearView> {
    const { localRoot, maxDepth, guards, journal } = this.#options;
    const filter = this.#options.filter();
    const { root, identity, ...found } = await this.#scan(filter, signal);
    const keepsIn = (left: readonly LeftOut[]): NearTree['keeps'] => {
      const index = new LeftOutIndex(left);
      return (path, kind) =>
        index.has(path) || path.split('/').length > maxDepth || filter.leavesOutWithParents(path, kind);
    };
    const isReplaced = journal.nearIdentity !== undefined && journal.nearIdentity !== identity;
    const keeps = keepsIn(found.left);
    const loss = isReplaced ? lossOf(journal.far, root, (path) => keeps(path, 'file')) : NO_LOSS;
    guardAgainstEmptyRoot(localRoot, root, journal.far, { ...guards, isOther: isMostGone(loss) });
    guardAgainstReplacedRoot(localRoot, loss, guards);
    const left = [...found.left, ...leaveOutLostDisks({ root, mounts: found.mounts, keeps }, this.#options)];
    this.#identity = identity;
    return {
      root,
      keeps: keepsIn(left),
      isMeant: (root.isEmpty && guards.allowEmpty) || (isReplaced && guards.allowReplaced),
      unreadable: left.filter(({ reason }) => isFault(reason)).length,
      leftOut: this.#tell(left.filter(({ reason }) => isReported(reason))),
    };
  }

  /**
   * Remember which folder was looked at last, to know it again.
   *
   * @param isEqual is the far side equal to it? Before that, another folder is one that was not accepted yet
   * @throws JournalError
   */
  remember(isEqual: boolean): void {
    const { journal } = this.#options;
    const isFirst = journal.nearIdentity === undefined;
    if (this.#identity !== undefined && this.#identity !== journal.nearIdentity && (isFirst || isEqual)) {
      journal.nearIs(this.#identity);
    }
  }

  async #scan(filter: Filter, signal: AbortSignal): Promise<Scan> {
    const { localRoot, maxDepth, links } = this.#options;
    try {
      return await scan(localRoot, { maxDepth, links, filter, signal });
    } catch (error) {
      if (codeOf(error) !== 'E_ROOT_MISSING' || this.#options.journal.far.isEmpty) throw error;
      throw new GuardError('E_GUARD_ROOT', `${messageOf(error)}; nothing was removed from the site`, { cause: error });
    }
  }

  /** Each once: the next cycles would say the same again and again. */
  #tell(left: readonly LeftOut[]): number {
    const lines = new Set(left.map((entry) => describeLeftOut(entry, LINK_HINT)));
    for (const line of lines) if (!this.#told.has(line)) this.#options.logger.warn(line);
    this.#told = lines;
    return left.length;
  }
}
