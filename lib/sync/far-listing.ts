import { type Directory, join, nameOf, parentOf } from '../files/directory.ts';
import { dependsOnTimes, SameFile } from '../transfer/same-file.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport } from '../transfer/transport.ts';
import { Listed } from './listed.ts';
import type { Version } from './pair-state.ts';

/** What {@link FarListing} works with. */
export interface ListingSurroundings {
  readonly transport: Transport;
  /** Nothing is made: the far root may be missing. */
  readonly dryRun: boolean;
}

/**
 * What the far side says is in some of its folders.
 *
 * It is gathered first and believed afterwards, as a whole: half of a listing would make the other half look gone.
 */
export class FarListing {
  /** What is in each folder that was listed, a folder before those in it. */
  readonly folders = new Map<string, readonly FarEntry[]>();
  /** Folders that may be there but could not be listed, and why. */
  readonly closed = new Map<string, TransferError>();
  readonly #surroundings: ListingSurroundings;
  readonly #listed = new Map<string, Listed>();

  constructor(surroundings: ListingSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * List a folder. Is it gone, the same is done with the one above it: others may have removed more than this one.
   *
   * @returns `undefined` for a folder that is not there
   * @throws TransferError
   */
  async add(path: string): Promise<readonly FarEntry[] | undefined> {
    const { transport, dryRun } = this.#surroundings;
    try {
      const entries = await transport.list(path);
      this.folders.set(path, entries);
      this.#listed.delete(path);
      return entries;
    } catch (error) {
      if (!(error instanceof TransferError) || error.code !== 'E_MISSING') throw error;
      if (path === '' && dryRun) return undefined;
      // The root was made when the connection was.
      if (path === '') throw error;
      // Servers say the same (550) of a folder that may not be entered: what is above it knows better.
      const above = await this.add(parentOf(path));
      if (!above?.some(({ name }) => name === nameOf(path))) return undefined;
      throw new TransferError('E_REFUSED', 'it is on the site, but may not be opened', { cause: error });
    }
  }

  /** Does what is at this path lie in a folder that could not be listed? */
  isHidden(path: string): boolean {
    for (let at = path; at !== ''; ) {
      at = parentOf(at);
      if (this.closed.has(at)) return true;
    }
    return false;
  }

  /** Where temporary files of this mirror lie. */
  temporaries(): readonly string[] {
    return [...this.folders].flatMap(([path, entries]) =>
      entries.filter(({ kind }) => kind === 'temporary').map(({ name }) => join(path, name)),
    );
  }

  /**
   * A judge of the files in the listing. Asks the far side whether it keeps times, where that makes a difference.
   *
   * @param known what they are compared with, also under names in another case
   * @param versionsOf with what else a far file may have to be compared
   * @throws TransferError
   */
  async sameFile(known: Directory, versionsOf: (path: string) => readonly Version[] = () => []): Promise<SameFile> {
    const keepsTimes = (path: string, entry: FarEntry) =>
      this.#surroundings.transport.keepsTimes(path, entry.mtimeMs ?? 0);
    for (const [path, entries] of this.folders) {
      const folder = known.directoryAt(path);
      for (const file of folder?.files() ?? []) {
        const there = this.listed(path)?.find(file.name, (other) => folder?.file(other) !== undefined);
        if (there && dependsOnTimes(file, there)) return new SameFile(await keepsTimes(join(path, there.name), there));
      }
      for (const entry of entries) {
        const filePath = join(path, entry.name);
        if (!versionsOf(filePath).some((version) => dependsOnTimes(version, entry))) continue;
        return new SameFile(await keepsTimes(filePath, entry));
      }
    }
    return new SameFile(true);
  }

  /** What the listing of a folder says of the names in it; `undefined` where it was not listed. */
  listed(path: string): Listed | undefined {
    const entries = this.folders.get(path);
    if (!entries) return undefined;
    const listed = this.#listed.get(path) ?? new Listed(entries);
    this.#listed.set(path, listed);
    return listed;
  }
}
