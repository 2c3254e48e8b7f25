import { foldName } from '../files/difference.ts';
import type { Directory } from '../files/directory.ts';
import type { FarEntry } from '../transfer/transport.ts';

/** A listing of one far folder, to be asked for names. */
export class Listed {
  readonly #byName: ReadonlyMap<string, FarEntry>;
  #byFoldedName: ReadonlyMap<string, FarEntry> | undefined;

  constructor(entries: readonly FarEntry[]) {
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** By its name and no other. */
  at(name: string): FarEntry | undefined {
    return this.#byName.get(name);
  }

  /**
   * By its name, or by that name in another case, as a far side lists it that ignores case and kept an older one.
   *
   * @param isKnown is there an entry of its own under that other name?
   */
  find(name: string, isKnown: (name: string) => boolean): FarEntry | undefined {
    const exactly = this.#byName.get(name);
    if (exactly) return exactly;
    this.#byFoldedName ??= new Map([...this.#byName.values()].map((entry) => [foldName(entry.name), entry]));
    const folded = this.#byFoldedName.get(foldName(name));
    return folded && !isKnown(folded.name) ? folded : undefined;
  }
}

/** Folded names of what is known and listed under another name only, by a far side that ignores case. */
export function renamedIn(known: Directory | undefined, entries: readonly FarEntry[]): ReadonlySet<string> {
  if (!known) return new Set();
  const listed = new Set(entries.map(({ name }) => name));
  const names = [...known.files(), ...known.directories()].map(({ name }) => name);
  return new Set(names.filter((name) => !listed.has(name)).map(foldName));
}
