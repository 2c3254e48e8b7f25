import { parseTime } from './time.ts';

/** One entry of a listing. */
export interface ListedEntry {
  /** Exactly as it was sent, leading and trailing blanks included; never empty, never with a slash, NUL or CR. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** In bytes; 0 for what is not a file. */
  readonly size: number;
  /** Milliseconds since 1970 (UTC); missing where the server did not tell it exactly. */
  readonly mtimeMs?: number;
}

/** A whole listing. */
export interface ParsedListing {
  /** Without the folder itself and its parent. */
  readonly entries: readonly ListedEntry[];
  /** Lines nobody can be sure about: whoever removes what is not listed must know that something was. */
  readonly unreadable: readonly string[];
}

/** Nothing to be listed: an empty line, the sum of `ls -l`, the folder itself or its parent. */
type Outcome = ListedEntry | 'nothing' | 'unreadable';

/** The data of an MLSD (RFC 3659 section 7). */
export function parseMlsd(text: string): ParsedListing {
  return parse(text, parseFacts);
}

/**
 * The data of a LIST in the manner of `ls -l`, as vsftpd, ProFTPD, Pure-FTPd and pyftpdlib print it.
 *
 * Gives no times: LIST tells them in a time zone and a precision that nobody knows.
 */
export function parseList(text: string): ParsedListing {
  return parse(text, parseLong);
}

function parse(text: string, parseLine: (line: string) => Outcome): ParsedListing {
  const entries: ListedEntry[] = [];
  const unreadable: string[] = [];
  for (const whole of text.split('\n')) {
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const outcome = line === '' ? 'nothing' : parseLine(line);
    if (outcome === 'unreadable') unreadable.push(line);
    else if (outcome !== 'nothing') entries.push(outcome);
  }
  return { entries, unreadable };
}

function parseFacts(line: string): Outcome {
  // The facts end with the first "; ": a fact holds no semicolon, a name may hold any number of them.
  const end = line.indexOf('; ');
  if (end < 0) return 'unreadable';
  // The first of two equal names counts: the target of a link, told as part of its type, may look like more facts.
  const facts = new Map(line.slice(0, end).split(';').map(factOf).reverse());
  const name = line.slice(end + 2);
  const type = facts.get('type')?.toLowerCase();
  if (type === undefined) return 'unreadable';
  if (type === 'cdir' || type === 'pdir') return 'nothing';
  return checked({ name, kind: kindOfType(type), size: facts.get('size'), modify: facts.get('modify') });
}

function factOf(fact: string): readonly [string, string] {
  const equals = fact.indexOf('=');
  return equals < 0 ? [fact, ''] : [fact.slice(0, equals).toLowerCase(), fact.slice(equals + 1)];
}

function kindOfType(type: string): ListedEntry['kind'] {
  if (type === 'file') return 'file';
  if (type === 'dir') return 'directory';
  // ProFTPD says OS.unix=symlink, RFC 3659 section 7.5.1.5 gives OS.unix=slink:target as its example.
  return /^os\.unix=s(ym)?link\b/.test(type) ? 'link' : 'other';
}

const LONG_LINE = new RegExp(
  [
    /^([a-zA-Z-])[a-zA-Z-]{9}[.+@]?/, // kind and rights, with a mark for more rights
    / +[0-9]+ +[^ ]+ +[^ ]+ +/, // number of links, owner, group
    /([0-9]+|[0-9]+, *[0-9]+) +/, // size, or the two numbers of a device
    /(?:[A-Z][a-z]{2} +[0-9]{1,2}|[0-9]{4}-[0-9]{2}-[0-9]{2}) +/, // month and day, or a whole date
    /(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{4}) /, // time or year, then one blank: more belong to the name
    /(.+)$/s,
  ]
    .map((part) => part.source)
    .join(''),
  's',
);

function parseLong(line: string): Outcome {
  if (/^total [0-9]+ *$/.test(line)) return 'nothing';
  const [, letter = '', size, name] = LONG_LINE.exec(line) ?? [];
  if (name === undefined) return 'unreadable';
  const kind = kindOfLetter(letter);
  if (kind !== 'link') return checked({ name, kind, size });
  const parts = name.split(' -> ');
  // With two arrows nobody can tell the name from the target.
  return parts.length > 2 ? 'unreadable' : checked({ name: parts[0] ?? '', kind, size });
}

function kindOfLetter(letter: string): ListedEntry['kind'] {
  if (letter === '-') return 'file';
  if (letter === 'd') return 'directory';
  return letter === 'l' ? 'link' : 'other';
}

interface Unchecked {
  readonly name: string;
  readonly kind: ListedEntry['kind'];
  readonly size: string | undefined;
  readonly modify?: string | undefined;
}

function checked({ name, kind, size, modify }: Unchecked): Outcome {
  if (name === '.' || name === '..') return 'nothing';
  // A name with a slash would lead out of the folder that was listed, and one with CR cannot be asked for.
  if (name === '' || /[/\0\r]/.test(name)) return 'unreadable';
  const bytes = kind === 'file' ? sizeOf(size) : 0;
  if (bytes === undefined) return 'unreadable';
  const mtimeMs = modify === undefined ? undefined : parseTime(modify);
  return mtimeMs === undefined ? { name, kind, size: bytes } : { name, kind, size: bytes, mtimeMs };
}

function sizeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]+$/.test(text)) return undefined;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : undefined;
}
