import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { readProblem } from '../base/read-problem.ts';
import { printable } from '../files/printable.ts';
import type { Conductor } from './conductor.ts';
import type { ConflictView } from './desk/share-desk.ts';
import { MOST_COPIES, surplusCopies } from './desk/surplus-copies.ts';
import type { Parts } from './disk/parts.ts';
import type { Trash } from './disk/trash.ts';
import type { EntryPath } from './model/entry.ts';
import type { Fetcher } from './transfer/fetcher.ts';

/** What has to be tidied. */
export interface Untidy {
  readonly trash: Pick<Trash, 'expire'>;
  /** So many days something is kept in it. */
  readonly days: number;
  readonly parts: Pick<Parts, 'removeUnused'>;
  readonly fetcher: Pick<Fetcher, 'fetches'>;
  readonly conductor: Pick<Conductor, 'handle'>;
  readonly conflicts: () => readonly ConflictView[];
  /** Put conflict copies into the trash. */
  readonly discard: (copies: readonly EntryPath[]) => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Forget deletions of long ago, put conflict copies of which there are too many into the trash, remove what has been in that for
 * long enough, and parts of files that nobody wants any more: now, and each day.
 */
export async function tidyDaily(
  { trash, days, parts, fetcher, conductor, conflicts, discard }: Untidy,
  { clock, logger }: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      conductor.handle({ kind: 'tidy' });
      const surplus = surplusCopies(conflicts());
      discard(surplus.map(({ path }) => path));
      for (const { path, original } of surplus) {
        const why = `one of more than ${MOST_COPIES} conflict copies of ${printable(original)}`;
        logger.warn(`Put aside : ${printable(path)}, ${why}; it is in the trash`, { path });
      }
      await trash.expire(days);
      await parts.removeUnused(new Set([...fetcher.fetches].map(({ content }) => content.id)));
    } catch (error) {
      logger.warn(`Not tidied up : ${readProblem(error)}`);
    }
    await clock.wait(DAY_MS, signal);
  }
}
