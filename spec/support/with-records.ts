import type { JournalContent, JournalRecord, TakeRecord } from '../../lib/base/journal-content.ts';

/** What a journal holds. */
export interface Records {
  readonly records: readonly JournalRecord[];
}

/** Open or read a journal and gather its records, none of a doubtful one. */
export function withRecords<Content extends JournalContent>(
  read: (take: TakeRecord) => Content,
): Records & { readonly content: Content } {
  const records: JournalRecord[] = [];
  const content = read((record) => records.push(record));
  return { content, records: content.doubt === undefined ? records : [] };
}
