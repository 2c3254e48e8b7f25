import { lstatSync, type Stats } from 'node:fs';
import { codeOf } from '../base/coded-error.ts';
import { Directory, join } from './directory.ts';
import { mtimeOf } from './file.ts';
import type { EntryKind, Filter } from './filter.ts';
import type { LeftOut, LeftReason } from './left-out.ts';
import type { Pace } from './pace.ts';
import { type FolderNames, readFolder, type UnfitName } from './read-folder.ts';
import { rootError, rootWentAway, statRoot } from './scan-root.ts';
import { isStillThere, type LinkPolicy, targetOf, type Visit } from './visit.ts';

/** What a scan may take in. */
export interface ScanRules {
  /** How deep to look: an entry directly in the root has depth 1. */
  readonly maxDepth: number;
  readonly filter: Filter;
  readonly links: LinkPolicy;
  /** Ends the scan early. */
  readonly signal?: AbortSignal;
}

/** An entry of the folder that is being visited. */
interface Entry {
  readonly name: string;
  /** Relative to the root. */
  readonly path: string;
  /** For the system. */
  readonly where: string;
}

/** The state of one scan. Use it once. */
export class Scanner {
  readonly root = new Directory('');
  readonly left: LeftOut[] = [];
  readonly mounts = new Set<string>();
  readonly #where: string;
  readonly #rules: ScanRules;
  readonly #pace: Pace;
  /** Folders to be visited, the next one last: they may be nested deeper than the call stack. */
  readonly #ahead: Visit[] = [];

  constructor(root: string, rules: ScanRules, pace: Pace) {
    this.#where = root;
    this.#rules = rules;
    this.#pace = pace;
  }

  /**
   * Do the work, resting whenever it is due.
   *
   * @returns what tells the root from another folder
   * @throws FilesError when the root cannot be read or goes away; the reason of the signal
   */
  async run(): Promise<string> {
    const stats = statRoot(this.#where);
    const root = { directory: this.root, path: '', where: this.#where, depth: 0, stats, parent: undefined };
    this.#ahead.push(root);
    for (let visit = this.#ahead.pop(); visit; visit = this.#ahead.pop()) {
      this.#rules.signal?.throwIfAborted();
      await this.#visit(visit);
    }
    // Without this, all that was not read yet would look as if it had been deleted.
    if (!isStillThere(root)) throw rootWentAway(this.#where);
    return `${stats.dev}:${stats.ino}`;
  }

  async #visit(visit: Visit): Promise<void> {
    const listing = await this.#read(visit);
    if (!listing) return;
    visit.parent?.directory.setDirectory(visit.directory);
    for (const name of listing.unfit) this.#leaveUnfit(visit, name);
    const aheadBefore = this.#ahead.length;
    let didAnyGo = false;
    for (const name of listing.names) {
      const entry = { name, path: join(visit.path, name), where: `${visit.where}/${name}` };
      if (this.#look(visit, entry) === 'gone') didAnyGo = true;
      if (this.#pace.isDue()) await this.#rest();
    }
    visit.directory.trim();
    if (!didAnyGo || isStillThere(visit)) return;
    // It was not the entry that went but the folder, maybe with its whole disk: nothing is known of what is in it.
    if (!visit.parent) throw rootWentAway(this.#where);
    this.#ahead.length = aheadBefore;
    visit.parent.directory.deleteDirectory(visit.directory.name);
    this.#leave(visit.path, 'unreadable', 'it went away');
  }

  async #read(visit: Visit): Promise<FolderNames | undefined> {
    try {
      return await readFolder(visit.where, this.#pace);
    } catch (error) {
      if (!visit.parent) throw rootError(this.#where, error);
      this.#leave(visit.path, 'unreadable', codeOf(error));
      return undefined;
    }
  }

  async #rest(): Promise<void> {
    await this.#pace.rest();
    this.#rules.signal?.throwIfAborted();
  }

  #look(visit: Visit, entry: Entry): 'gone' | 'seen' {
    let stats: Stats | undefined;
    try {
      stats = lstatSync(entry.where, { throwIfNoEntry: false });
    } catch (error) {
      this.#leaveUnlessExcluded(entry.path, 'unreadable', codeOf(error));
      return 'seen';
    }
    if (!stats) return 'gone';
    if (stats.isSymbolicLink()) this.#lookAtLink(visit, entry);
    else this.#sort(visit, entry, stats);
    return 'seen';
  }

  #lookAtLink(visit: Visit, entry: Entry): void {
    if (this.#rules.links === 'skip') {
      this.#leaveUnlessExcluded(entry.path, 'link');
      return;
    }
    const target = targetOf(visit, entry.where);
    if ('reason' in target) this.#leaveUnlessExcluded(entry.path, target.reason, target.detail);
    else this.#sort(visit, entry, target);
  }

  #sort(visit: Visit, entry: Entry, stats: Stats): void {
    if (stats.isFile()) this.#sortFile(visit, entry, stats);
    else if (stats.isDirectory()) this.#sortDirectory(visit, entry, stats);
    else this.#leaveUnlessExcluded(entry.path, 'special');
  }

  #sortFile(visit: Visit, { name, path }: Entry, stats: Stats): void {
    if (this.#leaveIfExcluded(path, 'file')) return;
    visit.directory.addFile(name, stats.size, mtimeOf(stats));
  }

  #sortDirectory(parent: Visit, { name, path, where }: Entry, stats: Stats): void {
    if (this.#leaveIfExcluded(path, 'directory')) return;
    if (stats.dev !== parent.stats.dev) this.mounts.add(path);
    const directory = new Directory(name);
    const depth = parent.depth + 1;
    if (depth < this.#rules.maxDepth) {
      this.#ahead.push({ directory, path, where, depth, stats, parent });
    } else {
      parent.directory.setDirectory(directory);
      this.#leave(path, 'too-deep');
    }
  }

  #leaveUnfit(visit: Visit, { decoded, shown }: UnfitName): void {
    const isExcluded = this.#isExcludedAnyhow(join(visit.path, decoded));
    this.#leave(join(visit.path, shown), isExcluded ? 'excluded' : 'name');
  }

  #leaveIfExcluded(path: string, kind: EntryKind): boolean {
    const isExcluded = this.#rules.filter.leavesOut(path, kind);
    if (isExcluded) this.#leave(path, 'excluded');
    return isExcluded;
  }

  #leaveUnlessExcluded(path: string, reason: LeftReason, detail?: string): void {
    if (this.#isExcludedAnyhow(path)) this.#leave(path, 'excluded');
    else this.#leave(path, reason, detail);
  }

  /** For what is neither file nor folder, or nobody knows: whom a pattern for folders rids of it wants no report. */
  #isExcludedAnyhow(path: string): boolean {
    const { filter } = this.#rules;
    return filter.leavesOut(path, 'file') || filter.leavesOut(path, 'directory');
  }

  #leave(path: string, reason: LeftReason, detail?: string): void {
    this.left.push(detail === undefined ? { path, reason } : { path, reason, detail });
  }
}
