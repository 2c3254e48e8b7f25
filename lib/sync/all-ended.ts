/**
 * Wait until all promises have ended, well or not: what goes on behind a caller's back could write into a journal that
 * is closed by then.
 *
 * @throws the reason of the first in the list that was refused
 */
export async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
