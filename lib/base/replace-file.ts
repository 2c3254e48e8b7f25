import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CodedError, codeOf, messageOf } from './coded-error.ts';
import { isUnsyncable } from './make-folder.ts';

/**
 * Give a file another content, readable by its owner only. Whatever happens, a power failure included, the file then holds
 * the old content or the new one, whole.
 *
 * For one writer at a time: the new content is first written beside it, always under the same name, so that what a crash
 * leaves behind is overwritten the next time.
 *
 * @param draft that name
 * @throws an error of the system; the file then holds what it held before. CodedError E_UNSYNCED: it holds the new content,
 *   and may hold the old one again after a power failure
 */
export async function replaceFile(path: string, text: string, draft = `${path}.new`): Promise<void> {
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncNames(dirname(path)).catch((cause: unknown) => {
    const risk = `the disk does not say that it is safe there (${codeOf(cause) ?? messageOf(cause)})`;
    const advice = 'look after the disk: a power failure may bring back what was there before';
    throw new CodedError('E_UNSYNCED', `${path} was written, but ${risk}; ${advice}`, { cause });
  });
}

/** Not as makeFolder does it: on a busy disk it takes seconds, in which a server has to go on with all else. */
async function syncNames(folder: string): Promise<void> {
  try {
    const names = await open(folder, 'r');
    await names.sync().finally(() => names.close());
  } catch (error) {
    if (!isUnsyncable(error)) throw error;
  }
}
