import { formatTime, isTellableTime } from './time.ts';

/** What a server tells about one entry. */
export interface EntryFacts {
  /** As it is shown: a name, or for MLST a path. Without CR, LF and NUL. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** In bytes. */
  readonly size: number;
  /** Time of the last change, milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;
  /** Type and rights as stat gives them. */
  readonly mode: number;
  /** Number of the owner. */
  readonly uid: number;
  /** Number of the group. */
  readonly gid: number;
  /** What may be done with it (RFC 3659 section 7.5.5). */
  readonly perm: string;
  /** The same for two names of one file, different for two files. */
  readonly unique: string;
}

/** The facts we know, in the order they are sent. */
export const factNames = ['type', 'size', 'modify', 'perm', 'unique', 'unix.mode', 'unix.uid', 'unix.gid'] as const;

/** The name of a fact of MLSD and MLST. */
export type FactName = (typeof factNames)[number];

/** Those that are sent unless others were asked for: all that RFC 3659 section 7.5 describes. */
export const usualFacts: readonly FactName[] = factNames.filter((name) => !name.startsWith('unix.'));

/** One line of MLSD or MLST without its end (RFC 3659 section 7.2), with the facts that were asked for. */
export function formatFacts(entry: EntryFacts, wanted: readonly FactName[] = usualFacts): string {
  const facts = wanted.map((name) => {
    const value = factOf(entry, name);
    return value === undefined ? '' : `${name}=${value};`;
  });
  return `${facts.join('')} ${entry.name}`;
}

function factOf(entry: EntryFacts, name: FactName): string | undefined {
  switch (name) {
    case 'type':
      return typeOf(entry.kind);
    case 'size':
      return entry.kind === 'file' ? String(entry.size) : undefined;
    case 'modify':
      return isTellableTime(entry.mtimeMs) ? formatTime(entry.mtimeMs) : undefined;
    case 'perm':
      return entry.perm;
    case 'unique':
      return entry.unique;
    case 'unix.mode':
      return (entry.mode & 0o7777).toString(8).padStart(4, '0');
    case 'unix.uid':
      return String(entry.uid);
    case 'unix.gid':
      return String(entry.gid);
  }
}

function typeOf(kind: EntryFacts['kind']): string {
  if (kind === 'directory') return 'dir';
  if (kind === 'file') return 'file';
  return kind === 'link' ? 'OS.unix=symlink' : 'OS.unix=special';
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// As ls does: the time for the last half year, the year for what is older or lies in the future.
const HALF_YEAR_MS = 182 * 86_400_000;

/**
 * One line of LIST without its end, in the manner of `ls -l`, times in UTC.
 *
 * Owner and group are always `ftp`, and the target of a link is left out: neither is the client's business.
 *
 * @param now milliseconds since 1970, to choose between time and year
 */
export function formatLong(entry: EntryFacts, now: number): string {
  const size = String(entry.kind === 'file' ? entry.size : 0).padStart(12);
  return `${letterOf(entry.kind)}${rightsOf(entry.mode)}   1 ftp      ftp      ${size} ${dateOf(entry.mtimeMs, now)} ${entry.name}`;
}

function letterOf(kind: EntryFacts['kind']): string {
  if (kind === 'directory') return 'd';
  if (kind === 'file') return '-';
  return kind === 'link' ? 'l' : 'p';
}

function rightsOf(mode: number): string {
  return [6, 3, 0]
    .map((shift) => {
      const bits = mode >> shift;
      return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
    })
    .join('');
}

function dateOf(ms: number, now: number): string {
  const date = new Date(isTellableTime(ms) ? ms : 0);
  const day = `${MONTHS[date.getUTCMonth()] ?? 'Jan'} ${two(date.getUTCDate())}`;
  if (ms > now || ms < now - HALF_YEAR_MS) return `${day}  ${String(date.getUTCFullYear()).padStart(4, '0')}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
