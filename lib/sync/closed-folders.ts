import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { TransferError } from '../transfer/transfer-error.ts';
import type { Tally } from './cycle-summary.ts';
import type { FarListing } from './far-listing.ts';
import { isForGood } from './list-tree.ts';

/** Folders of the far side that could not be listed. Each is told once, until it was listed or all is listed again. */
export class ClosedFolders {
  readonly #logger: Logger;
  readonly #told = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** All is about to be listed again. */
  clear(): void {
    this.#told.clear();
  }

  /** Tell of those in a listing, and count them. */
  take({ folders, closed }: FarListing, tally: Tally): void {
    for (const path of folders.keys()) this.#told.delete(path);
    for (const [path, error] of closed) this.#takeOne(path, error, tally);
  }

  #takeOne(path: string, error: TransferError, tally: Tally): void {
    if (this.#told.has(path) && isForGood(error)) {
      tally.stillClosed += 1;
      return;
    }
    this.#told.add(path);
    tally.failed += 1;
    this.#logger.error(`Not looked at : ${path}/, ${messageOf(error)}`);
  }
}
