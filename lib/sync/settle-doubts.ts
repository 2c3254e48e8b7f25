import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import { nameOf, parentOf } from '../files/directory.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import { correctKnown } from './correct-known.ts';
import type { Doubt, PairJournal } from './pair-journal.ts';
import { SameFile } from './same-file.ts';

/** What {@link settleDoubts} works with. */
export interface DoubtSurroundings {
  readonly transport: Transport;
  readonly journal: PairJournal;
  readonly logger: Logger;
}

/**
 * Find out what became of steps that were begun but not seen to end well: the answer got lost, or this program was
 * killed. The far folders they were in are listed, and the journal is corrected by what is there.
 *
 * A folder that cannot be listed is logged, and its doubts stay for the next cycle.
 *
 * @returns how many folders could not be listed
 */
export async function settleDoubts(surroundings: DoubtSurroundings): Promise<number> {
  const { journal, transport } = surroundings;
  const folders = new Map<string, Doubt[]>();
  for (const doubt of journal.doubts()) {
    const folder = parentOf(doubt.path);
    folders.set(folder, [...(folders.get(folder) ?? []), doubt]);
  }
  const settling = { ...surroundings, sameFile: new SameFile(transport), failed: 0 };
  await allEnded([...folders].map(([folder, doubts]) => settleFolder(folder, doubts, settling)));
  return settling.failed;
}

interface Settling extends DoubtSurroundings {
  readonly sameFile: SameFile;
  failed: number;
}

async function settleFolder(folder: string, doubts: readonly Doubt[], settling: Settling): Promise<void> {
  const { journal, logger } = settling;
  try {
    const entries = await lookInto(folder, settling);
    const byName = new Map(entries.map((entry) => [entry.name, entry]));
    for (const doubt of doubts) await settle(doubt, byName.get(nameOf(doubt.path)), settling);
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    settling.failed += 1;
    logger.error(`Not looked at : ${folder}/, ${messageOf(error)}`);
    for (const { path } of doubts) if (isKnownFile(path, journal)) journal.fileIsUnsure(path);
  }
}

async function settle(doubt: Doubt, there: FarEntry | undefined, { journal, sameFile }: Settling): Promise<void> {
  const { kind, path } = doubt;
  if (kind === 'mkdir' || kind === 'rmdir') {
    if (there?.kind === 'directory') journal.folderIsThere(path);
    else journal.folderIsGone(path);
  } else if (there && kind === 'upload' && (await sameFile.is(path, doubt, there))) {
    journal.fileIsThere(path, doubt);
  } else if (there && isKnownFile(path, journal)) {
    journal.fileIsUnsure(path);
  } else {
    // Not there, or something of another size or time that this mirror never finished: a stranger's.
    journal.fileIsGone(path);
  }
}

function isKnownFile(path: string, { far }: PairJournal): boolean {
  return far.directoryAt(parentOf(path))?.file(nameOf(path)) !== undefined;
}

/**
 * List a folder, and correct what the journal knows of it. Is it gone, the same is done with the one above it: others
 * may have removed more than this one.
 *
 * @returns nothing for a folder that is not there
 */
async function lookInto(path: string, settling: Settling): Promise<readonly FarEntry[]> {
  const { transport, journal } = settling;
  try {
    const entries = await transport.list(path);
    correctKnown(path, entries, journal);
    return entries;
  } catch (error) {
    if (!(error instanceof TransferError) || error.code !== 'E_MISSING' || path === '') throw error;
    // Servers say the same (550) of a folder that may not be entered: what is above it knows better.
    const above = await lookInto(parentOf(path), settling);
    if (!above.some(({ name }) => name === nameOf(path))) return [];
    throw new TransferError('E_REFUSED', 'it is on the site, but may not be opened', { cause: error });
  }
}
