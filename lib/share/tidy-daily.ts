import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { readProblem } from '../base/read-problem.ts';
import { printable } from '../files/printable.ts';
import type { Conductor } from './conductor.ts';
import type { Discarded } from './desk/keep-copy.ts';
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
  /** Put conflict copies into the trash, as many as can be. */
  readonly discard: (copies: readonly EntryPath[]) => Discarded;
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Forget deletions of long ago, put conflict copies of which there are too many into the trash, remove what has been in that for
 * long enough, and parts of files that nobody wants any more: now, and each day. What cannot be done keeps nothing else from it.
 *
 * The trash has its turn only after an hour: a machine whose clock is wrong at the start has been given the right time by then,
 * and does not remove what is not old.
 */
export async function tidyDaily(
  { trash, days, parts, fetcher, conductor, conflicts, discard }: Untidy,
  { clock, logger }: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> },
  signal: AbortSignal,
): Promise<void> {
  const daily = async (tidy: () => void | Promise<void>) => {
    while (!signal.aborted) {
      try {
        await tidy();
      } catch (error) {
        logger.warn(`Not tidied up : ${readProblem(error)}`);
      }
      await clock.wait(DAY_MS, signal);
    }
  };
  await Promise.all([
    daily(() => conductor.handle({ kind: 'tidy' })),
    daily(() => putAside({ conflicts, discard }, logger)),
    daily(() => parts.removeUnused(new Set([...fetcher.fetches].map(({ content }) => content.id)))),
    clock.wait(HOUR_MS, signal).then(() => daily(() => trash.expire(days))),
  ]);
}

function putAside({ conflicts, discard }: Pick<Untidy, 'conflicts' | 'discard'>, logger: Pick<Logger, 'warn'>): void {
  const surplus = surplusCopies(conflicts());
  const { discarded, failures } = discard(surplus.map(({ path }) => path));
  const isThere = new Set(discarded);
  for (const { path, original } of surplus) {
    if (!isThere.has(path)) continue;
    const why = `one of more than ${MOST_COPIES} conflict copies of ${printable(original)}`;
    logger.warn(`Put aside : ${printable(path)}, ${why}; it is in the trash`, { path });
  }
  for (const { message } of failures) logger.warn(`Not tidied up : ${message}`);
}
