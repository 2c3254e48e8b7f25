import type { EntryPath, FileContent } from './entry.ts';

const ID_DIGITS = 7;

// Of all file systems in wide use.
const LONGEST_NAME_BYTES = 255;

// What is longer is a part of the name: it would leave no room for the rest of it.
const LONGEST_SUFFIX = 32;

/**
 * Where a file goes that has to give way to another: `notes.conflict-20261122-150312-1f3a9c2.txt`.
 *
 * It follows from that file alone, so that two peers who both save it make the same file, and not two.
 *
 * @param digits of the id of its content: more where another file has that name
 */
export function conflictPath(path: EntryPath, { mtimeMs, id }: FileContent, digits = ID_DIGITS): EntryPath {
  const nameAt = path.lastIndexOf('/') + 1;
  const name = path.slice(nameAt);
  // A dot at the beginning hides a file and begins no suffix.
  const dot = name.lastIndexOf('.');
  const hasSuffix = dot > 0 && name.length - dot <= LONGEST_SUFFIX;
  const suffix = hasSuffix ? name.slice(dot) : '';
  const ending = `.conflict-${timeOf(mtimeMs)}-${id.slice(0, digits)}${suffix}`;
  const stem = cutToBytes(hasSuffix ? name.slice(0, dot) : name, LONGEST_NAME_BYTES - Buffer.byteLength(ending));
  return `${path.slice(0, nameAt)}${stem}${ending}`;
}

// Digits: see ID_DIGITS and what takes more of them.
const CONFLICT = /^(.+)\.conflict-\d{8}-\d{6}-(?:[0-9a-f]{7}|[0-9a-f]{16}|[0-9a-f]{64})(\.[^.]*)?$/s;

/**
 * Which file gave way to what is at its path now, for the path of a conflict copy.
 *
 * Of a very long name only the beginning is told: the rest was cut off.
 *
 * @returns `undefined` for any other path
 */
export function originalOf(path: EntryPath): EntryPath | undefined {
  const nameAt = path.lastIndexOf('/') + 1;
  const [, stem, suffix = ''] = CONFLICT.exec(path.slice(nameAt)) ?? [];
  return stem === undefined ? undefined : `${path.slice(0, nameAt)}${stem}${suffix}`;
}

// Names are cut so that conflict copies fit, between two letters: such a one has hardly less.
const MAYBE_CUT_BYTES = LONGEST_NAME_BYTES - 3;

/** Can the name of the original be told from that of a conflict copy, or may its end have been cut off? */
export function hasWholeName(copy: EntryPath): boolean {
  return Buffer.byteLength(copy.slice(copy.lastIndexOf('/') + 1)) < MAYBE_CUT_BYTES;
}

/** `20261122-150312`, of the time in UTC: peers live in different zones. */
function timeOf(ms: number): string {
  const [day = '', time = ''] = new Date(ms)
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, '')
    .split('T');
  return `${day}-${time}`;
}

/** The beginning of a text that takes no more than so many bytes, and at least one letter of it. */
function cutToBytes(text: string, bytes: number): string {
  let letters = [...text];
  while (letters.length > 1 && Buffer.byteLength(letters.join('')) > bytes) letters = letters.slice(0, -1);
  return letters.join('');
}
