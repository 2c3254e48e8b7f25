import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { readProblem } from '../base/read-problem.ts';
import type { Trash } from './disk/trash.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Remove what has been in the trash for long enough: now, and each day.
 *
 * @param days so long it is kept
 */
export async function expireDaily(
  trash: Pick<Trash, 'expire'>,
  days: number,
  { clock, logger }: { readonly clock: Clock; readonly logger: Pick<Logger, 'warn'> },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await trash.expire(days);
    } catch (error) {
      logger.warn(`Trash not emptied : ${readProblem(error)}`);
    }
    await clock.wait(DAY_MS, signal);
  }
}
