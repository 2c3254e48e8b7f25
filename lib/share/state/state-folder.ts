import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { TO_READ } from '../disk/read-flags.ts';

// Of any version: one that this program does not know is moved aside, not removed.
const BEGIN_OF_JOURNAL = '{"filesmirror":"share",';

// Who begins anew with the old keys has to be trusted by nobody anew. Nothing of it is ever removed.
const OWN: ReadonlySet<string> = new Set(['log', 'lock', 'device.key', 'device.crt', 'peers.json']);

/**
 * Is this a folder in which the state of a share is, or may be begun? It is none where other things lie, as in a folder of a user
 * that was named by mistake: what is called there as an old day of the trash would be removed.
 *
 * The state is known by its journal, or by its log where the journal was lost: the log is made before all else.
 */
export function isFreeForState(folder: string): boolean {
  const names = namesIn(folder);
  if (hasJournal(folder)) return true;
  const logs = namesIn(join(folder, 'log'));
  // None where a first start could not write it, on a full disk for example.
  return logs.includes('share.log') || (logs.length === 0 && names.every((name) => OWN.has(name)));
}

/** Is there the journal of a share in a folder? */
export function hasJournal(folder: string): boolean {
  try {
    const file = openSync(join(folder, 'journal'), TO_READ);
    try {
      const bytes = Buffer.alloc(BEGIN_OF_JOURNAL.length);
      return readSync(file, bytes) === bytes.length && bytes.toString() === BEGIN_OF_JOURNAL;
    } finally {
      closeSync(file);
    }
  } catch {
    // There is none, or nobody can tell.
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It is not there, or no folder that can be used: who makes it says so.
    return [];
  }
}
