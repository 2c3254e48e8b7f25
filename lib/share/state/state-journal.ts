import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { Journal, JournalError, type OpenedJournal } from '../../base/journal.ts';
import type { JournalRecord } from '../../base/journal-content.ts';
import { Kept, weightOfRecord } from './kept.ts';

// Version 1 knew contents by other ids.
const HEADER = JSON.stringify({ filesmirror: 'share', version: 2 });

/**
 * What is kept in a folder, for somebody who holds its lock and changes nothing.
 *
 * @throws JournalError E_JOURNAL_OPEN
 */
export function readKept(folder: string): Kept {
  const path = join(folder, 'journal');
  const kept = new Kept();
  let isUnderstood = true;
  const { doubt } = Journal.read(path, HEADER, (record) => {
    isUnderstood &&= kept.understands(record);
  });
  const problem = doubt ?? (isUnderstood ? undefined : 'it holds an unknown record');
  if (problem !== undefined) throw new JournalError('E_JOURNAL_OPEN', `Cannot use ${path}: ${problem}`);
  return kept;
}

/** What is kept, and the journal that it is in. */
export interface OpenedState extends Pick<OpenedJournal, 'journal' | 'isCutOff'> {
  readonly kept: Kept;
  /** Why what was there cannot be used, and where it is now. */
  readonly doubt?: string;
}

/**
 * Open the journal in a file, or begin one. What cannot be understood is moved aside.
 *
 * @throws JournalError E_JOURNAL_OPEN
 */
export function openStateJournal(path: string, clock = systemClock): OpenedState {
  const kept = new Kept();
  let isUnderstood = true;
  const take = (record: JournalRecord) => {
    kept.written += weightOfRecord(record);
    isUnderstood &&= kept.understands(record);
  };
  const setAside = `${path}.doubtful-${new Date(clock.now()).toISOString().replaceAll(/[-:]/g, '')}`;
  const { journal, isCutOff, doubt } = Journal.open(path, HEADER, take, { clock, setAside });
  if (doubt !== undefined) return { journal, isCutOff, kept: new Kept(), doubt: `${doubt}; it is now ${setAside}` };
  if (isUnderstood) return { journal, isCutOff, kept };
  journal.abandon();
  renameSync(path, setAside);
  const anew = Journal.open(path, HEADER, take, { clock });
  return { ...anew, kept: new Kept(), doubt: `it holds an unknown record; it is now ${setAside}` };
}
