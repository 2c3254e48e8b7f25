import { isUtf8 } from 'node:buffer';

/** One record: a JSON array whose first element says what it is. */
export type JournalRecord = readonly [kind: string, ...values: (string | number)[]];

/** Is given the records of a journal, the oldest first: a list of all of them would take more memory than what they say. */
export type TakeRecord = (record: JournalRecord) => void;

/** What a journal's file is like; its records are handed over one by one. */
export interface JournalContent {
  /**
   * Why what is there cannot be trusted, in a few words; missing when it can, or when nothing is there. Records that were
   * handed over before that showed do not count.
   */
  readonly doubt?: string;
  /**
   * Does it end otherwise than a session that was closed in order ends it? Then the program or the machine was stopped, or
   * the file has lost its end: what it says was true once, but what came later may be missing.
   */
  readonly isCutOff: boolean;
}

/** Content, and up to where the file holds whole records that can be trusted. */
export interface ParsedJournal extends JournalContent {
  readonly wholeBytes: number;
}

/** The last line of a journal that was closed in order. */
export const CLOSING_LINE = '["closed"]\n';

const NOTHING = { wholeBytes: 0, isCutOff: false } as const;

const NEWLINE = 0x0a;

/**
 * Understand a journal.
 *
 * @param bytes the whole file; `undefined` where there is none
 * @param header its first line, as it has to be
 */
export function parseJournal(bytes: Buffer | undefined, header: string, take: TakeRecord): ParsedJournal {
  if (!bytes) return NOTHING;
  const firstLine = Buffer.from(`${header}\n`);
  if (bytes.length < firstLine.length && firstLine.subarray(0, bytes.length).equals(bytes)) {
    return { ...NOTHING, isCutOff: true };
  }
  const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
  // Decoded all the same, a damaged name would be read as another name, and one of another length.
  if (!isUtf8(whole)) return { ...NOTHING, doubt: 'it is not text in UTF-8' };
  if (!whole.subarray(0, firstLine.length).equals(firstLine)) {
    return { ...NOTHING, doubt: 'it is the journal of something else, or of another version' };
  }
  const isMarked = whole.toString('latin1', whole.length - CLOSING_LINE.length) === CLOSING_LINE;
  const wholeBytes = isMarked ? whole.length - CLOSING_LINE.length : whole.length;
  let line = 1;
  // Line by line: as one text, a journal of half a gigabyte would be longer than Node can hold.
  for (let at = firstLine.length; at < wholeBytes; ) {
    const end = whole.indexOf(NEWLINE, at);
    const record = recordIn(whole.toString('utf8', at, end));
    line += 1;
    if (!record) return { ...NOTHING, doubt: `line ${line} cannot be read` };
    take(record);
    at = end + 1;
  }
  return { wholeBytes, isCutOff: !isMarked || whole.length < bytes.length };
}

function recordIn(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JournalRecord {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  return value.every((part) => typeof part === 'string' || typeof part === 'number');
}
