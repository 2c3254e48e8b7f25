import { opendirSync, readdirSync } from 'node:fs';
import type { Pace } from './pace.ts';
import { printable, printableBytes } from './printable.ts';

/** What a folder on disk holds. */
export interface FolderNames {
  /** Names as they are, in no order and in no normal form. */
  readonly names: ReadonlySet<string>;
  /** The names that cannot be carried. */
  readonly unfit: readonly UnfitName[];
}

/** A name with bytes that are not UTF-8, or with CR or LF where those cannot be carried. */
export interface UnfitName {
  /** For patterns only: what cannot be decoded has become U+FFFD. */
  readonly decoded: string;
  /** Safe to print. */
  readonly shown: string;
}

/** What was found so far; doubtful as soon as a name may hold a byte that is not UTF-8. */
interface Found {
  /** Some file systems tell a name twice when the file is replaced meanwhile. */
  readonly names: Set<string>;
  readonly unfit: UnfitName[];
  readonly cannotBeCarried: RegExp;
  isDoubtful: boolean;
}

// What Node puts in place of bytes that are not UTF-8; a name may also hold the character itself.
const REPLACEMENT = '\uFFFD';
// RFC 959 section 5.3.1 ends a command with CR LF; NUL cannot be in a name on disk.
const NOT_BY_FTP = /[\r\n]/;
// Entries asked of the system at once: with fewer reading takes longer, with more it is not faster and stalls longer.
const ENTRIES_AT_ONCE = 256;

/**
 * Read the names in a folder.
 *
 * One entry after the other: the way that reads all at once takes more than 80 ms for a folder of 100,000 files, and
 * nothing else could run meanwhile.
 *
 * @param where path of the folder for the system
 * @param cannotBeCarried what no name may hold besides bytes that are not UTF-8; default: what FTP cannot carry
 * @throws what the system says
 */
export async function readFolder(where: string, pace: Pace, cannotBeCarried = NOT_BY_FTP): Promise<FolderNames> {
  const found: Found = { names: new Set(), unfit: [], cannotBeCarried, isDoubtful: false };
  const folder = opendirSync(where, { bufferSize: ENTRIES_AT_ONCE });
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      sortOut(entry.name, found);
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    folder.closeSync();
  }
  if (found.isDoubtful) sortOutDoubtful(where, found);
  return found;
}

function sortOut(name: string, found: Found): void {
  if (name.includes(REPLACEMENT)) found.isDoubtful = true;
  else if (found.cannotBeCarried.test(name)) found.unfit.push({ decoded: name, shown: printable(name) });
  else found.names.add(name);
}

/** Read again as bytes, to tell a U+FFFD that is in a name from one that stands for a bad byte. */
function sortOutDoubtful(where: string, { names, unfit, cannotBeCarried }: Found): void {
  for (const bytes of readdirSync(where, { encoding: 'buffer' })) {
    const decoded = bytes.toString('utf8');
    if (!decoded.includes(REPLACEMENT)) continue;
    if (Buffer.from(decoded).equals(bytes) && !cannotBeCarried.test(decoded)) names.add(decoded);
    else unfit.push({ decoded, shown: printableBytes(bytes) });
  }
}
