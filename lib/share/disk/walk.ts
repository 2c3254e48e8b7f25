import type { BigIntStats } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import type { LeftOut, LeftReason } from '../../files/left-out.ts';
import type { Pace } from '../../files/pace.ts';
import { type FolderNames, readFolder } from '../../files/read-folder.ts';
import type { LinkPolicy } from '../../files/visit.ts';
import type { EntryPath } from '../model/entry.ts';
import { glance, type Shareable } from './glance.ts';
import { identityOf, type ShareIdentity } from './guard.ts';

/** Why something is left out that is there, and of which it is not known what it is: it must not look like deleted. */
export const UNCERTAIN: ReadonlySet<LeftReason> = new Set(['unreadable', 'dangling', 'too-deep']);

/** A folder on the way from the root to where somebody is looking. */
export interface Visit {
  readonly path: EntryPath;
  /** For the system. */
  readonly where: string;
  readonly stats: BigIntStats;
  readonly depth: number;
  /** Links to folders that lead here from the root. */
  readonly followed: number;
  /** The folder it lies in; `undefined` for the root. */
  readonly parent: Visit | undefined;
}

/** What lies in a folder, for one who looks at a share. */
export type Lying =
  | { readonly kind: 'nothing' | 'passed-over' }
  | { readonly kind: 'left'; readonly path: EntryPath; readonly reason: LeftReason; readonly cause?: unknown }
  | { readonly kind: 'file'; readonly path: EntryPath; readonly where: string; readonly found: Shareable }
  | { readonly kind: 'folder'; readonly visit: Visit; readonly found: Shareable };

/** What a walk does on its way. */
export interface WalkOptions {
  readonly links: LinkPolicy;
  /** As if nothing were there whose name begins with a dot. */
  readonly leavesDots?: boolean | undefined;
  /** Folders that are never shared: what peers keep about the share, where a link leads there. */
  readonly hidden: ReadonlySet<ShareIdentity>;
  readonly pace: Pace;
  readonly signal?: AbortSignal;
  /** Before a folder is read, or a file that a link leads to is looked at. */
  readonly cover: (path: EntryPath, where: string, stats: BigIntStats) => void;
  /** A file or a folder is there; folders before what is in them. */
  readonly take: (path: EntryPath, where: string, found: Shareable) => void;
  readonly leave: (left: LeftOut) => void;
}

// Peers refuse what lies deeper, or has a longer path.
const DEEPEST = 128;
const LONGEST_PATH_BYTES = 4096;

// Links to folders that hold links to each other make a tree that grows with every level.
const MOST_FOLLOWED = 4;

// No name may hold it; any other byte of a name that is UTF-8 can be carried.
const NOTHING_ELSE = /\0/;

/** Goes through folders, resting whenever it is due. */
export class Walk {
  readonly #options: WalkOptions;
  /** Folders to be visited, the next one last: they may be nested deeper than the call stack. */
  readonly #ahead: Visit[] = [];

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /**
   * Look at an entry of a folder and all below it.
   *
   * @throws the reason of the signal
   */
  async below(parent: Visit, name: string): Promise<void> {
    await this.#restIfDue();
    this.#look(parent, name);
    await this.#visitAll();
  }

  /** The same for all that is in a folder. */
  async inside(folder: Visit): Promise<void> {
    this.#ahead.push(folder);
    await this.#visitAll();
  }

  /** A folder that lies in another one; `undefined` where it is none, or is left out. */
  step(parent: Visit, name: string): Visit | undefined {
    const there = this.lying(parent, name);
    return there.kind === 'folder' ? there.visit : undefined;
  }

  /** What lies in a folder; nobody is told of it. */
  lying(parent: Visit, name: string): Lying {
    if (this.#options.leavesDots === true && name.startsWith('.')) return { kind: 'passed-over' };
    const path = join(parent.path, name);
    const where = `${parent.where}/${name}`;
    const found = glance(where, this.#options.links);
    if (found.kind === 'nothing') return found;
    if (found.kind === 'unshareable') return { kind: 'left', path, reason: found.reason, cause: found.cause };
    if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return { kind: 'left', path, reason: 'too-deep' };
    if (found.kind === 'file') return { kind: 'file', path, where, found };
    const visit = visitOf(parent, path, where, found);
    const reason = this.#reasonAgainst(visit);
    return reason === undefined ? { kind: 'folder', visit, found } : { kind: 'left', path, reason };
  }

  async #visitAll(): Promise<void> {
    for (let visit = this.#ahead.pop(); visit; visit = this.#ahead.pop()) await this.#visit(visit);
  }

  async #visit(visit: Visit): Promise<void> {
    await this.#restIfDue();
    const names = await this.#read(visit);
    if (names === undefined) return;
    for (const { shown } of names.unfit) this.#leave(join(visit.path, shown), 'name');
    let didAnyGo = false;
    for (const name of names.names) {
      if (!this.#look(visit, name)) didAnyGo = true;
      await this.#restIfDue();
    }
    // It was not the entry that went but the folder, maybe with its whole disk: nothing is known of what is in it.
    if (didAnyGo && !isStillThere(visit)) this.#leave(visit.path, 'unreadable', 'it went away');
  }

  async #read(visit: Visit): Promise<FolderNames | undefined> {
    this.#options.cover(visit.path, visit.where, visit.stats);
    try {
      return await readFolder(visit.where, this.#options.pace, NOTHING_ELSE);
    } catch (error) {
      this.#leave(visit.path, 'unreadable', codeOf(error));
      return undefined;
    }
  }

  /** @returns is something there? */
  #look(parent: Visit, name: string): boolean {
    const there = this.lying(parent, name);
    if (there.kind === 'left') this.#leave(there.path, there.reason, codeOf(there.cause));
    else if (there.kind === 'file') this.#takeFile(there);
    else if (there.kind === 'folder') {
      this.#options.take(there.visit.path, there.visit.where, there.found);
      this.#ahead.push(there.visit);
    }
    return there.kind !== 'nothing';
  }

  #takeFile({ path, where, found }: Extract<Lying, { kind: 'file' }>): void {
    if (found.link !== undefined) this.#options.cover(path, where, found.stats);
    this.#options.take(path, where, found);
  }

  #reasonAgainst(visit: Visit): LeftReason | undefined {
    if (this.#options.hidden.has(identityOf(visit.stats))) return 'excluded';
    // A link to a folder above the share leads to the share without another link.
    if (visit.followed > 0 && leadsUp(visit)) return 'loop';
    return visit.depth > DEEPEST || visit.followed > MOST_FOLLOWED ? 'too-deep' : undefined;
  }

  async #restIfDue(): Promise<void> {
    const { pace, signal } = this.#options;
    if (!pace.isDue()) return;
    await pace.rest();
    signal?.throwIfAborted();
  }

  #leave(path: EntryPath, reason: LeftReason, detail?: string): void {
    this.#options.leave(detail === undefined ? { path, reason } : { path, reason, detail });
  }
}

function visitOf(parent: Visit, path: EntryPath, where: string, { stats, link }: Shareable): Visit {
  return {
    path,
    where,
    stats,
    depth: parent.depth + 1,
    followed: parent.followed + (link === undefined ? 0 : 1),
    parent,
  };
}

/** Is it a folder it lies in? */
function leadsUp({ stats, parent }: Visit): boolean {
  for (let at = parent; at; at = at.parent) if (at.stats.ino === stats.ino && at.stats.dev === stats.dev) return true;
  return false;
}

function isStillThere({ where, stats }: Visit): boolean {
  const now = glance(where, 'follow');
  return now.kind === 'folder' && identityOf(now.stats) === identityOf(stats);
}

function join(folder: EntryPath, name: string): EntryPath {
  return folder === '' ? name : `${folder}/${name}`;
}
