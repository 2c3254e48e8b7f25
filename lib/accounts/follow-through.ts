import { codeOf } from '../base/coded-error.ts';

/**
 * Wait for a change, and do what follows from it: also when the change holds without the disk's word that it keeps it.
 *
 * @param follow not called when the change does not hold
 * @returns what the change returns
 * @throws what the change throws, E_UNSYNCED when all is done; what `follow` throws
 */
export async function followThrough<Value>(change: Promise<Value>, follow: () => void | Promise<void>): Promise<Value> {
  await change.catch((error: unknown) => {
    if (codeOf(error) !== 'E_UNSYNCED') throw error;
  });
  await follow();
  return change;
}
