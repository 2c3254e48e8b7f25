import { foldName } from '../files/difference.ts';
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
