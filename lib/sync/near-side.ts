import { codeOf, messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Directory } from '../files/directory.ts';
import type { Filter } from '../files/filter.ts';
import { isFault, isReported, type LeftOut, LeftOutIndex } from '../files/left-out.ts';
import { type Scan, type ScanOptions, scan } from '../files/scan.ts';
import { GuardError, type GuardRules, guardAgainstEmptyRoot } from './guards.ts';
import { describeLeftOut } from './messages.ts';
import type { NearTree } from './plan.ts';

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
  readonly logger: Logger;
}

/** The near folder at the begin of a cycle. */
export interface NearView extends NearTree {
  /** How many entries could not be read. */
  readonly unreadable: number;
  /** How many entries were left out for another reason than the user's filters, those among them. */
  readonly leftOut: number;
}

/** The near folder, looked at once a cycle. */
export class NearSide {
  readonly #options: NearSideOptions;
  #told: ReadonlySet<string> = new Set();

  constructor(options: NearSideOptions) {
    this.#options = options;
  }

  /**
   * Scan the folder, and tell of what cannot be mirrored.
   *
   * @param known what is on the far side, as far as the journal knows
   * @throws GuardError when the folder is gone or empty but was not before; FilesError when it cannot be read
   */
  async look(known: Directory, signal: AbortSignal): Promise<NearView> {
    const { localRoot, maxDepth, guards } = this.#options;
    const filter = this.#options.filter();
    const { root, left } = await this.#scan(filter, known, signal);
    guardAgainstEmptyRoot(localRoot, root, known, guards);
    const index = new LeftOutIndex(left);
    return {
      root,
      keeps: (path, kind) =>
        index.has(path) || path.split('/').length > maxDepth || filter.leavesOutWithParents(path, kind),
      unreadable: left.filter(({ reason }) => isFault(reason)).length,
      leftOut: this.#tell(left.filter(({ reason }) => isReported(reason))),
    };
  }

  async #scan(filter: Filter, known: Directory, signal: AbortSignal): Promise<Scan> {
    const { localRoot, maxDepth, links } = this.#options;
    try {
      return await scan(localRoot, { maxDepth, links, filter, signal });
    } catch (error) {
      if (codeOf(error) !== 'E_ROOT_MISSING' || known.isEmpty) throw error;
      throw new GuardError('E_GUARD_ROOT', `${messageOf(error)}; nothing was removed from the site`, { cause: error });
    }
  }

  /** Each once: the next cycles would say the same again and again. */
  #tell(left: readonly LeftOut[]): number {
    const lines = new Set(left.map(describeLeftOut));
    for (const line of lines) if (!this.#told.has(line)) this.#options.logger.warn(line);
    this.#told = lines;
    return left.length;
  }
}
