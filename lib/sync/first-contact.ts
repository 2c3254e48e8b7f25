import { type Directory, join } from '../files/directory.ts';
import type { File } from '../files/file.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport } from '../transfer/transport.ts';
import type { PairJournal } from './pair-journal.ts';

/**
 * Look at a far side that nothing is known of, and note in the journal what is equal there: it need not be sent.
 *
 * Only far folders that the near side has as well are listed; what else there is belongs to others. All of them are
 * asked for at once: it is for the transport to do as many side by side as it can.
 *
 * @throws TransferError when a listing fails: what was noted by then is true, but the far side counts as unknown still
 */
export async function firstContact(near: Directory, transport: Transport, journal: PairJournal): Promise<void> {
  const sameTime = new TimeRule(transport);
  await compareFolder('', near, { transport, journal, sameTime });
  journal.farListed();
}

interface Contact {
  readonly transport: Transport;
  readonly journal: PairJournal;
  readonly sameTime: TimeRule;
}

async function compareFolder(path: string, near: Directory, contact: Contact): Promise<void> {
  const entries = await listOrNothing(path, contact.transport);
  const folders: Promise<void>[] = [];
  for (const entry of entries) {
    const entryPath = join(path, entry.name);
    if (entry.kind === 'directory') {
      const directory = near.directory(entry.name);
      if (!directory) continue;
      contact.journal.folderIsThere(entryPath);
      folders.push(compareFolder(entryPath, directory, contact));
    } else if (entry.kind === 'file') {
      const file = near.file(entry.name);
      if (file && (await isEqual(entryPath, file, entry, contact))) contact.journal.fileIsThere(entryPath, file);
    }
  }
  await Promise.all(folders);
}

async function isEqual(path: string, file: File, entry: FarEntry, { sameTime }: Contact): Promise<boolean> {
  return file.size === entry.size && entry.mtimeMs !== undefined && sameTime.holds(path, file.mtimeMs, entry.mtimeMs);
}

async function listOrNothing(path: string, transport: Transport): Promise<readonly FarEntry[]> {
  try {
    return await transport.list(path);
  } catch (error) {
    // The root of a dry run, or a folder that somebody removed since its parent was listed.
    if (error instanceof TransferError && error.code === 'E_MISSING') return [];
    throw error;
  }
}

/** When do a near and a far time say the same? Equal to the second; where the far side cannot hold times, not older. */
class TimeRule {
  readonly #transport: Transport;
  #keepsTimes: Promise<boolean> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async holds(path: string, nearMs: number, farMs: number): Promise<boolean> {
    // FTP carries whole seconds.
    const [near, far] = [Math.floor(nearMs / 1000), Math.floor(farMs / 1000)];
    if (near === far) return true;
    if (far < near) return false;
    this.#keepsTimes ??= this.#transport.keepsTimes(path, farMs);
    return !(await this.#keepsTimes);
  }
}
