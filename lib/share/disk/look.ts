import type { BigIntStats } from 'node:fs';
import { type LeftOut, LeftOutIndex, type LeftReason } from '../../files/left-out.ts';
import { Pace, type PaceOptions } from '../../files/pace.ts';
import type { LinkPolicy } from '../../files/visit.ts';
import { type EntryPath, parentOf, type Stamp } from '../model/entry.ts';
import { hiddenPartOf } from '../model/hidden.ts';
import { glance, isExecutable, mtimeMsOf, type Shareable, stampAt } from './glance.ts';
import { assertSameShare, identityOf, type ShareIdentity, statShare } from './guard.ts';
import { type Visit, Walk } from './walk.ts';

/** What is known of the share, as far as it is there. */
export interface KnownEntries {
  at(path: EntryPath): { readonly type: 'file' | 'directory'; readonly stamp: Stamp } | undefined;
  /** All paths below a folder, in any order. */
  below(path: EntryPath): Iterable<EntryPath>;
  /** Paths at which something else is held from now on. */
  changes(): ReadonlySet<EntryPath>;
}

/** Is told of folders that are looked at, before they are: who watches them misses nothing. */
export interface Coverage {
  cover(path: EntryPath, where: string, stats: BigIntStats): void;
  /** What was covered at these paths, and below, is not there any more. */
  uncover(paths: ReadonlySet<EntryPath>): void;
}

/** How to look at a share. */
export interface LookOptions extends PaceOptions {
  /** The folder of the share, without a link in it. */
  readonly root: string;
  /** The share as it has to be; see `recogniseShare`. */
  readonly identity: ShareIdentity;
  /** Where peers keep what they know about the share. */
  readonly stateFolder: string;
  readonly links: LinkPolicy;
  /** What begins with a dot is neither told as found nor as gone, but with the folder that it lay in. */
  readonly leavesDots?: boolean | undefined;
  readonly known: KnownEntries;
  readonly coverage?: Coverage;
  readonly signal?: AbortSignal;
}

/** A file or folder that is new, or not as it was. */
export type Sighting =
  | { readonly kind: 'folder'; readonly path: EntryPath; readonly stamp: Stamp }
  | {
      readonly kind: 'file';
      readonly path: EntryPath;
      /** What to read. */
      readonly where: string;
      readonly stamp: Stamp;
      readonly size: number;
      /** Whole milliseconds since 1970, rounded down. */
      readonly mtimeMs: number;
      readonly isExecutable: boolean;
    };

/** What somebody saw who looked. */
export interface Look {
  /** What is not there any more, the deepest first. */
  readonly gone: readonly EntryPath[];
  /**
   * What was not seen, and was put there meanwhile, perhaps after its folder was read; the folders above it that were not seen;
   * folders that were seen, and changed meanwhile. No answer is given for them.
   */
  readonly unsure: readonly EntryPath[];
  /** What is new or was changed, folders before what is in them. What is as it is known is not told. */
  readonly found: readonly Sighting[];
  /** What is there and not shared, below any of {@link regions}. */
  readonly left: readonly LeftOut[];
  /** Where somebody looked, and all below: a folder above an asked path where that one is not what it was known to be. */
  readonly regions: readonly EntryPath[];
  /** What lies at each path that was asked for and is not unsure. `left`: something that is not shared, or nobody knows. */
  readonly asked: ReadonlyMap<EntryPath, 'file' | 'folder' | 'gone' | 'left'>;
}

// What is there, and not known: it must not look like deleted.
const UNCERTAIN: ReadonlySet<LeftReason> = new Set(['unreadable', 'dangling', 'too-deep']);

/**
 * Look at some paths of a share, the folders above them and all below, without reading any file.
 *
 * Works in slices, so that nobody waits long for a turn. What is told as gone comes before what is told as found: a file may
 * have taken the place of a folder.
 *
 * @param paths `''` for the whole share
 * @throws ShareDiskError when the share is not there or not the same any more; the reason of the signal. Then nothing is to be
 *   told of it
 */
export async function look(paths: readonly EntryPath[], options: LookOptions): Promise<Look> {
  assertSameShare(options.root, options.identity);
  const looking = new Looking(options);
  for (const path of outermost(paths)) await looking.at(path);
  // Without this, all that was not looked at yet would look as if it had been deleted.
  assertSameShare(options.root, options.identity);
  return looking.result(paths);
}

class Looking {
  readonly #options: LookOptions;
  readonly #walk: Walk;
  readonly #root: Visit;
  readonly #present = new Map<EntryPath, 'file' | 'folder'>();
  readonly #found: Sighting[] = [];
  readonly #left: LeftOut[] = [];
  readonly #regions = new Set<EntryPath>();
  /** Who looks takes turns with those who put there what peers have told. */
  readonly #changes: ReadonlySet<EntryPath>;

  constructor(options: LookOptions) {
    this.#options = options;
    this.#changes = options.known.changes();
    const { links, leavesDots, signal, coverage, root, stateFolder } = options;
    this.#root = { path: '', where: root, stats: statShare(root), depth: 0, followed: 0, parent: undefined };
    const state = glance(stateFolder, 'follow');
    this.#walk = new Walk({
      links,
      leavesDots,
      hidden: new Set(state.kind === 'folder' ? [identityOf(state.stats)] : []),
      pace: new Pace(options),
      ...(signal && { signal }),
      cover: (path, where, stats) => coverage?.cover(path, where, stats),
      take: (path, where, found) => this.#take(path, where, found),
      leave: (left) => this.#left.push(left),
    });
  }

  async at(path: EntryPath): Promise<void> {
    const names = path === '' ? [] : path.split('/');
    const last = names.pop();
    if (last === undefined) {
      this.#regions.add('');
      await this.#walk.inside(this.#root);
      return;
    }
    let visit = this.#root;
    for (const name of names) {
      const next = this.#walk.step(visit, name);
      if (next === undefined || this.#options.known.at(next.path)?.type !== 'directory')
        return this.#region(visit, name);
      visit = next;
    }
    await this.#region(visit, last);
  }

  result(paths: readonly EntryPath[]): Look {
    const unseen = this.#withoutHidden(this.#unseen());
    const unsure = this.#unsure(unseen);
    const gone = unseen.filter((path) => !unsure.has(path));
    const found = this.#found.filter(({ path }) => !unsure.has(path));
    const noFolders = [...gone, ...this.#regions].filter((path) => path !== '' && !this.#present.has(path));
    this.#options.coverage?.uncover(new Set(noFolders));
    const uncertain = new LeftOutIndex(this.#left);
    const lies = (path: EntryPath) => {
      if (path === '') return 'folder';
      if (this.#isHidden(path) && !gone.includes(path)) return 'left';
      return this.#present.get(path) ?? (uncertain.has(path) ? 'left' : 'gone');
    };
    const asked = new Map(paths.filter((path) => !unsure.has(path)).map((path) => [path, lies(path)] as const));
    return { gone, unsure: [...unsure], found, left: this.#left, regions: [...this.#regions], asked };
  }

  #unsure(unseen: readonly EntryPath[]): ReadonlySet<EntryPath> {
    const changed = unseen.filter((path) => this.#changes.has(path));
    const above = new Set<EntryPath>();
    // Where something was put, there was a folder: its deletion would go to all, and be of what was put there as well.
    for (const path of changed) for (let at = parentOf(path); at !== ''; at = parentOf(at)) above.add(at);
    // A folder may have been taken away since it was seen. Of a file, that is found out when it was read.
    const found = this.#found.filter(({ kind, path }) => kind === 'folder' && this.#changes.has(path));
    return new Set([...changed, ...unseen.filter((path) => above.has(path)), ...found.map(({ path }) => path)]);
  }

  /** What is not looked at goes with the folder that it lay in, and not before. */
  #withoutHidden(unseen: readonly EntryPath[]): readonly EntryPath[] {
    if (!this.#options.leavesDots) return unseen;
    const all = new Set(unseen);
    return unseen.filter((path) => {
      const part = hiddenPartOf(path);
      if (part === undefined) return true;
      const folder = parentOf(part);
      return all.has(folder) || this.#present.get(folder) === 'file';
    });
  }

  #isHidden(path: EntryPath): boolean {
    return this.#options.leavesDots === true && hiddenPartOf(path) !== undefined;
  }

  async #region(parent: Visit, name: string): Promise<void> {
    const path = parent.path === '' ? name : `${parent.path}/${name}`;
    // Several may lie below the same folder that is new.
    if (this.#regions.has(path)) return;
    this.#regions.add(path);
    await this.#walk.below(parent, name);
  }

  #take(path: EntryPath, where: string, found: Shareable): void {
    const { kind, stats } = found;
    this.#present.set(path, kind);
    const stamp = stampAt(found);
    const known = this.#options.known.at(path);
    if (known?.stamp === stamp && (known.type === 'file') === (kind === 'file')) return;
    if (kind === 'folder') this.#found.push({ kind, path, stamp });
    else {
      if (known?.type === 'directory' && found.link === undefined) this.#options.coverage?.uncover(new Set([path]));
      const told = { size: Number(stats.size), mtimeMs: mtimeMsOf(stats), isExecutable: isExecutable(stats) };
      this.#found.push({ kind, path, where, stamp, ...told });
    }
  }

  /** What was known and is not there, the deepest first. */
  #unseen(): readonly EntryPath[] {
    const { known } = this.#options;
    const uncertain = new LeftOutIndex(this.#left.filter(({ reason }) => UNCERTAIN.has(reason)));
    const unseen: EntryPath[] = [];
    const look = (path: EntryPath) => {
      if (path !== '' && !this.#present.has(path) && !uncertain.has(path)) unseen.push(path);
    };
    for (const region of this.#regions) {
      const type = known.at(region)?.type;
      if (type !== undefined) look(region);
      if (region === '' || type === 'directory') for (const path of known.below(region)) look(path);
    }
    // What is below something has a path that begins with it, and so comes after it.
    return unseen.sort().reverse();
  }
}

/** Without those that lie below others. */
function outermost(paths: readonly EntryPath[]): readonly EntryPath[] {
  const all = new Set(paths);
  if (all.has('')) return [''];
  return [...all].filter((path) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (all.has(path.slice(0, at))) return false;
    }
    return true;
  });
}
