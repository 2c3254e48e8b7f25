import type { BigIntStats } from 'node:fs';
import { type LeftOut, LeftOutIndex } from '../../files/left-out.ts';
import { Pace, type PaceOptions } from '../../files/pace.ts';
import type { LinkPolicy } from '../../files/visit.ts';
import { type EntryPath, parentOf, type Stamp } from '../model/entry.ts';
import { hiddenPartOf } from '../model/hidden.ts';
import { glance, isExecutable, mtimeMsOf, type Shareable, stampAt } from './glance.ts';
import { assertSameShare, identityOf, type ShareIdentity, statShare } from './guard.ts';
import { UNCERTAIN, type Visit, Walk } from './walk.ts';

/** What is known of the share, as far as it is there. */
export interface KnownEntries {
  at(path: EntryPath): { readonly type: 'file' | 'directory'; readonly stamp: Stamp } | undefined;
  /** All paths below a folder, in any order. */
  below(path: EntryPath): Iterable<EntryPath>;
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
  /** What was known and was not there when somebody looked, what is in a folder before it. To be told only {@link stillGone}. */
  readonly gone: readonly EntryPath[];
  /**
   * Those of some paths that were gone where still nothing lies that would be shared: others may have put something there since
   * its folder was read. It holds as long as the caller waits for nothing. The next look at the other paths finds what lies there.
   *
   * @throws ShareDiskError when the share is not there or not the same any more
   */
  readonly stillGone: (paths: readonly EntryPath[]) => readonly EntryPath[];
  /** What is new or was changed, folders before what is in them. What is as it is known is not told. */
  readonly found: readonly Sighting[];
  /** What is there and not shared, below any of {@link regions}. */
  readonly left: readonly LeftOut[];
  /** Where somebody looked, and all below: a folder above an asked path where that one is not what it was known to be. */
  readonly regions: readonly EntryPath[];
  /** What lies at each path that was asked for. `left`: something that is not shared, or nobody knows. */
  readonly asked: ReadonlyMap<EntryPath, 'file' | 'folder' | 'gone' | 'left'>;
}

// Where a folder was, and what it held was not looked at: that is gone with it.
const NO_FOLDER: ReadonlySet<string> = new Set(['nothing', 'file']);

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
  return await looking.result(paths);
}

class Looking {
  readonly #options: LookOptions;
  readonly #walk: Walk;
  readonly #root: Visit;
  readonly #present = new Map<EntryPath, 'file' | 'folder'>();
  readonly #found: Sighting[] = [];
  readonly #left: LeftOut[] = [];
  readonly #regions = new Set<EntryPath>();
  readonly #pace: Pace;

  constructor(options: LookOptions) {
    this.#options = options;
    this.#pace = new Pace(options);
    const { links, leavesDots, signal, coverage, root, stateFolder } = options;
    this.#root = { path: '', where: root, stats: statShare(root), depth: 0, followed: 0, parent: undefined };
    const state = glance(stateFolder, 'follow');
    this.#walk = new Walk({
      links,
      leavesDots,
      hidden: new Set(state.kind === 'folder' ? [identityOf(state.stats)] : []),
      pace: this.#pace,
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

  async result(paths: readonly EntryPath[]): Promise<Look> {
    const gone = await this.#withoutHidden(await this.#unseen());
    await this.#restIfDue();
    const noFolders = [...gone, ...this.#regions].filter((path) => path !== '' && !this.#present.has(path));
    this.#options.coverage?.uncover(new Set(noFolders));
    return {
      gone,
      stillGone: (some) => this.#stillGone(some),
      found: this.#found,
      left: this.#left,
      regions: [...this.#regions],
      asked: this.#answers(paths, new Set(gone.filter((path) => this.#hiddenPartOf(path) !== undefined))),
    };
  }

  #answers(paths: readonly EntryPath[], hiddenGone: ReadonlySet<EntryPath>): Look['asked'] {
    const left = new LeftOutIndex(this.#left);
    const lies = (path: EntryPath) => {
      if (path === '') return 'folder';
      if (this.#hiddenPartOf(path) !== undefined && !hiddenGone.has(path)) return 'left';
      return this.#present.get(path) ?? (left.has(path) ? 'left' : 'gone');
    };
    return new Map(paths.map((path) => [path, lies(path)] as const));
  }

  #stillGone(paths: readonly EntryPath[]): readonly EntryPath[] {
    const gone = paths.filter((path) => {
      const hidden = this.#hiddenPartOf(path);
      return hidden === undefined ? this.#lies(path) === 'nothing' : NO_FOLDER.has(this.#lies(parentOf(hidden)));
    });
    // After that: in a share that is not there any more, nothing lies anywhere.
    assertSameShare(this.#options.root, this.#options.identity);
    return gone;
  }

  /** What lies at a path now. It has to be what a look would say, or one would follow the other for ever. */
  #lies(path: EntryPath): 'nothing' | 'file' | 'folder' | 'uncertain' {
    if (path === '') return 'folder';
    const { root, links } = this.#options;
    // So it is with most, and where that is so, nothing has to be known of the folders above.
    if (glance(`${root}/${path}`, links).kind === 'nothing') return 'nothing';
    let at = this.#root;
    for (const name of path.split('/')) {
      const there = this.#walk.lying(at, name);
      if (there.kind === 'left') return UNCERTAIN.has(there.reason) ? 'uncertain' : 'nothing';
      if (there.kind !== 'folder') return there.kind === 'file' && there.path === path ? 'file' : 'nothing';
      at = there.visit;
    }
    return 'folder';
  }

  /** What is not looked at goes with the folder that it lay in, and not before. */
  async #withoutHidden(unseen: readonly EntryPath[]): Promise<readonly EntryPath[]> {
    if (!this.#options.leavesDots) return unseen;
    const all = new Set(unseen);
    const shown: EntryPath[] = [];
    for (const path of unseen) {
      const part = this.#hiddenPartOf(path);
      const folder = part === undefined ? undefined : parentOf(part);
      if (folder === undefined || all.has(folder) || this.#present.get(folder) === 'file') shown.push(path);
      await this.#restIfDue();
    }
    return shown;
  }

  #hiddenPartOf(path: EntryPath): EntryPath | undefined {
    return this.#options.leavesDots === true ? hiddenPartOf(path) : undefined;
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

  /** What is known and was not there, what is in a folder before it. */
  async #unseen(): Promise<readonly EntryPath[]> {
    const { known } = this.#options;
    const uncertain = new LeftOutIndex(this.#left.filter(({ reason }) => UNCERTAIN.has(reason)));
    const byDepth: EntryPath[][] = [];
    const look = (path: EntryPath) => {
      if (path === '' || this.#present.has(path) || uncertain.has(path)) return;
      const depth = path.split('/').length;
      const level = byDepth[depth];
      if (level === undefined) byDepth[depth] = [path];
      else level.push(path);
    };
    for (const region of this.#regions) {
      const type = known.at(region)?.type;
      if (type !== undefined) look(region);
      if (region !== '' && type !== 'directory') continue;
      // What comes to be known in a rest is not there for who has looked before. It is asked for once more before it is told.
      for (const path of known.below(region)) {
        look(path);
        await this.#restIfDue();
      }
    }
    return byDepth.reverse().reduce((all, level) => all.concat(level), []);
  }

  async #restIfDue(): Promise<void> {
    if (!this.#pace.isDue()) return;
    await this.#pace.rest();
    this.#options.signal?.throwIfAborted();
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
