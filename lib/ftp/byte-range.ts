/** Bytes of a file: from `start` up to, but without, `end`. */
export interface ByteRange {
  readonly start: number;
  /** `undefined` for the end of the file, wherever that is. */
  readonly end: number | undefined;
}

/**
 * The argument of RANG (draft-bryan-ftp-range-08 section 3): first and last byte, the last one included. `1 0` stands
 * for the whole file.
 *
 * @returns `undefined` for anything else than two numbers in ascending order
 */
export function parseRang(argument: string): ByteRange | undefined {
  const [, first = '', last = ''] = /^([0-9]{1,16}) +([0-9]{1,16})$/.exec(argument) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (first === '' || !Number.isSafeInteger(end + 1)) return undefined;
  if (start === 1 && end === 0) return { start: 0, end: undefined };
  return end < start ? undefined : { start, end: end + 1 };
}

/**
 * What XCRC, XMD5 and their like take: a path, then where the bytes begin and end (`path end`, `path start end`, one
 * blank each); the end is not included. Quotes around the path keep numbers that belong to it.
 *
 * Nowhere written down; so do GlobalSCAPE, who had XCRC first, and ProFTPD.
 *
 * @returns `undefined` when neither numbers follow nor quotes are there to be taken away
 */
export function splitRange(argument: string): (ByteRange & { readonly path: string }) | undefined {
  const last = lastNumber(argument);
  const first = last && lastNumber(last.before);
  const before = (first ?? last)?.before ?? argument;
  const path = /^".+"$/s.test(before) ? before.slice(1, -1) : before;
  return path === argument ? undefined : { path, start: first?.number ?? 0, end: last?.number };
}

function lastNumber(text: string): { readonly before: string; readonly number: number } | undefined {
  const blank = text.lastIndexOf(' ');
  const digits = text.slice(blank + 1);
  if (blank < 1 || !/^[0-9]{1,15}$/.test(digits)) return undefined;
  return { before: text.slice(0, blank), number: Number(digits) };
}
