import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { codeOf } from '../base/coded-error.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { replaceFile } from '../base/replace-file.ts';
import { showText } from '../base/show-text.ts';
import { AdminError } from './admin-error.ts';

/**
 * Write a file that is not there yet, readable by its owner only: never a half one. Whoever is killed meanwhile leaves it
 * empty.
 *
 * @throws AdminError E_USAGE when it is there, or cannot be there; E_DUMP when it cannot be written, and nothing is left of
 *   it. CodedError E_UNSYNCED: it is written
 */
export async function writeNew(file: string, text: string): Promise<void> {
  // The name first: what somebody else has under it is not written over.
  const claim = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw refused(file, error);
  });
  await claim.close();
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await replaceFile(file, text, draft);
  } catch (error) {
    if (codeOf(error) === 'E_UNSYNCED') throw error;
    for (const left of [draft, file]) await rm(left, { force: true });
    throw new AdminError('E_DUMP', `Cannot write ${showText(file)}: the system says ${codeOf(error)}`, {
      cause: error,
    });
  }
}

function refused(file: string, cause: unknown): AdminError {
  const why = codeOf(cause) === 'EEXIST' ? 'it is there already' : `the system says ${codeOf(cause)}`;
  return new AdminError(hasNoRoom(cause) ? 'E_DUMP' : 'E_USAGE', `Cannot write ${showText(file)}: ${why}`, { cause });
}
