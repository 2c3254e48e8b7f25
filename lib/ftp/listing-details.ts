import { type ListedEntry, parseList, parseMlsd } from './listing.ts';

/** What a listing tells of an entry besides what is compared: as the server tells it, not checked, for people to read. */
export interface EntryDetails {
  /** Rights as in `ls -l`, nine letters; missing where they are not told. */
  readonly rights?: string;
  readonly owner?: string;
  readonly group?: string;
  /** The time as LIST tells it, in a zone that nobody knows: `Feb  4 05:06`. */
  readonly shownTime?: string;
  /** Where a link leads to. */
  readonly target?: string;
}

/** One entry of a listing that is to be shown. */
export type DetailedEntry = ListedEntry & EntryDetails;

/**
 * The data of an MLSD, or of a LIST in the manner of `ls -l`, with all that can be shown.
 *
 * @returns `unreadable`: lines nobody can be sure about
 */
export function parseDetailed(
  command: 'MLSD' | 'LIST',
  text: string,
): { readonly entries: readonly DetailedEntry[]; readonly unreadable: readonly string[] } {
  const entries: DetailedEntry[] = [];
  const unreadable: string[] = [];
  for (const whole of text.split('\n')) {
    const line = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    const parsed = command === 'MLSD' ? parseMlsd(line) : parseList(line);
    unreadable.push(...parsed.unreadable);
    for (const entry of parsed.entries) {
      entries.push({ ...entry, ...(command === 'MLSD' ? factsOf(line) : columnsOf(line)) });
    }
  }
  return { entries, unreadable };
}

/** RFC 3659 section 7.5, and the facts that servers have agreed on besides. */
function factsOf(line: string): EntryDetails {
  const facts = new Map(
    line
      .slice(0, line.indexOf('; '))
      .split(';')
      .map((fact): [string, string] => {
        const equals = fact.indexOf('=');
        return [fact.slice(0, equals).toLowerCase(), fact.slice(equals + 1)];
      })
      .reverse(),
  );
  const mode = /^[0-7]{3,7}$/.test(facts.get('unix.mode') ?? '') ? facts.get('unix.mode') : undefined;
  return told({
    rights: mode === undefined ? undefined : rightsOf(Number.parseInt(mode, 8)),
    owner: facts.get('unix.ownername') ?? facts.get('unix.owner') ?? facts.get('unix.uid'),
    group: facts.get('unix.groupname') ?? facts.get('unix.group') ?? facts.get('unix.gid'),
    target: /^os\.unix=slink:(.+)$/i.exec(facts.get('type') ?? '')?.[1],
  });
}

const COLUMNS = /^.([a-zA-Z-]{9})\S* +\d+ +(\S+) +(\S+) +(?:\d+|\d+, *\d+) +(\S+ +\S+ +\S+|\d{4}-\d\d-\d\d \S+) /;

function columnsOf(line: string): EntryDetails {
  const [, rights, owner, group, shownTime] = COLUMNS.exec(line) ?? [];
  const target = line.startsWith('l') ? line.split(' -> ')[1] : undefined;
  return told({ rights, owner, group, shownTime, target });
}

function rightsOf(mode: number): string {
  return [6, 3, 0]
    .map((shift) => {
      const bits = mode >> shift;
      return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
    })
    .join('');
}

/** Without those that are not told. */
function told(details: { readonly [Key in keyof EntryDetails]: EntryDetails[Key] | undefined }): EntryDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== ''));
}
