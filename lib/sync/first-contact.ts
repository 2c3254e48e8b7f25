import { type Directory, join } from '../files/directory.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import { correctKnown } from './correct-known.ts';
import type { PairJournal } from './pair-journal.ts';
import { SameFile } from './same-file.ts';

/** What {@link firstContact} works with. */
export interface ContactSurroundings {
  readonly transport: Transport;
  readonly journal: PairJournal;
  /** Nothing is made: the far root may be missing. */
  readonly dryRun: boolean;
  /** No further folder is listed after it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Look at a far side that nothing, or nothing for sure, is known of, and note in the journal what is equal there: it need
 * not be sent.
 *
 * Only far folders that the near side has as well are listed; what else there is belongs to others. All of them are
 * asked for at once: it is for the transport to do as many side by side as it can. When one fails, no more are asked for,
 * and those under way are waited for.
 *
 * @throws TransferError when a listing fails: what was noted by then is true, but the far side counts as unknown still;
 *   likewise the reason of the signal
 */
export async function firstContact(near: Directory, surroundings: ContactSurroundings): Promise<void> {
  const contact = { ...surroundings, sameFile: new SameFile(surroundings.transport), isOver: false };
  await compareFolder('', near, contact);
  surroundings.journal.farListed();
}

interface Contact extends ContactSurroundings {
  readonly sameFile: SameFile;
  /** Has a listing failed? */
  isOver: boolean;
}

async function compareFolder(path: string, near: Directory, contact: Contact): Promise<void> {
  try {
    contact.signal.throwIfAborted();
    const folders = await compareEntries(path, near, contact);
    if (!contact.isOver)
      await allEnded(folders.map((folder) => compareFolder(join(path, folder.name), folder, contact)));
  } catch (error) {
    contact.isOver = true;
    throw error;
  }
}

/** @returns the near folders that are there on the far side as well */
async function compareEntries(path: string, near: Directory, contact: Contact): Promise<readonly Directory[]> {
  const { journal, sameFile } = contact;
  const entries = await listOrNothing(path, contact);
  correctKnown(path, entries, journal);
  const folders: Directory[] = [];
  for (const entry of entries) {
    const entryPath = join(path, entry.name);
    const directory = entry.kind === 'directory' ? near.directory(entry.name) : undefined;
    const file = entry.kind === 'file' ? near.file(entry.name) : undefined;
    if (directory) {
      journal.folderIsThere(entryPath);
      folders.push(directory);
    } else if (file && (await sameFile.is(entryPath, file, entry))) {
      journal.fileIsThere(entryPath, file);
    } else if (file && journal.far.directoryAt(path)?.file(entry.name)) {
      // It was equal when a first contact before this one broke off.
      journal.fileIsUnsure(entryPath);
    }
  }
  return folders;
}

async function listOrNothing(path: string, { transport, dryRun }: Contact): Promise<readonly FarEntry[]> {
  try {
    return await transport.list(path);
  } catch (error) {
    const isMissing = error instanceof TransferError && error.code === 'E_MISSING';
    // A folder may have been removed since its parent was listed; the root was made when the connection was.
    if (isMissing && (path !== '' || dryRun)) return [];
    throw error;
  }
}
