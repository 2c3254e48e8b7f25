import { type BigIntStats, type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { codeOf, messageOf } from '../../base/coded-error.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';
import { DirtyPaths } from './dirty-paths.ts';
import { identityOf, type ShareIdentity } from './guard.ts';
import type { Coverage } from './look.ts';

/** How a folder, or a file that a link leads to, is watched. */
type Watch = (where: string, onEvent: (name: string | null) => void, onError: (error: unknown) => void) => () => void;

/** What a watcher tells, and what it needs. */
export interface WatcherOptions {
  readonly clock: Clock;
  /** Somebody has to look at these paths; `''` is the whole share. */
  readonly onDirty: (paths: readonly EntryPath[]) => void;
  /** Not all can be watched: the share is looked through every few seconds instead. Told once, in words. */
  readonly onFallBack: (reason: string) => void;
  /** Default: that of the system. */
  readonly watch?: Watch;
}

interface Watched {
  readonly identity: ShareIdentity;
  readonly close: () => void;
}

// A look at 100,000 files takes half a second: that often it is no burden, and seldom enough for nobody to wait in vain.
const RESCAN_MS = 3000;

// The system keeps 16,384 events that nobody has fetched, and then loses some without a word to Node. So many at once are a sign.
const MANY_AT_ONCE = 4096;

// It stands for bytes that are no text. Nothing lies at such a name: who looks through the folder sees what came or went.
const REPLACEMENT = '\uFFFD';

// Not the watching failed, but the folder went away, or may not be read by this user: whoever looks at it sees that as well.
const OF_THE_FOLDER: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP']);

/**
 * Watches a share, one folder at a time, as they are looked at: what happens between the beginning of a look and its end is
 * seen by the one or by the other. What it tells is a hint where to look, never what is there.
 *
 * A file that a link leads to is watched itself. What replaces it is noticed, since the old one goes away.
 */
export class Watcher implements Coverage {
  readonly #options: WatcherOptions;
  readonly #watch: Watch;
  readonly #dirty: DirtyPaths;
  readonly #watched = new Map<EntryPath, Watched>();
  #atOnce = 0;
  #isFallenBack = false;
  #isClosed = false;
  #stopRescans: () => void = () => undefined;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#watch = options.watch ?? watchSystem;
    this.#dirty = new DirtyPaths(options.clock, options.onDirty);
  }

  /** How many folders and files are watched. */
  get size(): number {
    return this.#watched.size;
  }

  cover(path: EntryPath, where: string, stats: BigIntStats): void {
    const identity = identityOf(stats);
    const before = this.#watched.get(path);
    if (this.#isClosed || before?.identity === identity) return;
    before?.close();
    this.#watched.delete(path);
    const isFolder = stats.isDirectory();
    try {
      const close = this.#watch(
        where,
        (name) => this.#stir(path, isFolder ? name : null),
        (error) => this.#fail(path, error),
      );
      this.#watched.set(path, { identity, close });
    } catch (error) {
      this.#fail(path, error);
    }
  }

  uncover(paths: ReadonlySet<EntryPath>): void {
    // Most are files: nothing is watched there.
    if (![...paths].some((path) => this.#watched.has(path))) return;
    for (const path of [...this.#watched.keys()]) if (isAtOrBelow(path, paths)) this.#close(path);
  }

  /** Nothing is told any more; twice is harmless. */
  close(): void {
    this.#isClosed = true;
    this.#dirty.close();
    this.#stopRescans();
    for (const path of [...this.#watched.keys()]) this.#close(path);
  }

  #close(path: EntryPath): void {
    this.#watched.get(path)?.close();
    this.#watched.delete(path);
  }

  #stir(path: EntryPath, name: string | null): void {
    if (this.#isClosed) return;
    this.#count();
    if (name === null) this.#dirty.add(path);
    else this.#dirty.add(path === '' ? name : `${path}/${name}`);
  }

  /** What the system has gathered is told in one turn of the event loop. */
  #count(): void {
    this.#atOnce += 1;
    if (this.#atOnce === 1) setImmediate(() => (this.#atOnce = 0));
    if (this.#atOnce === MANY_AT_ONCE) this.#dirty.add('');
  }

  #fail(path: EntryPath, error: unknown): void {
    this.#close(path);
    if (this.#isClosed) return;
    if (OF_THE_FOLDER.has(codeOf(error))) {
      this.#dirty.add(path);
      return;
    }
    if (this.#isFallenBack) return;
    this.#isFallenBack = true;
    this.#rescanLater();
    this.#options.onFallBack(reasonOf(error));
  }

  #rescanLater(): void {
    this.#stopRescans = this.#options.clock.after(RESCAN_MS, () => {
      this.#rescanLater();
      this.#options.onDirty(['']);
    });
  }
}

function isAtOrBelow(path: EntryPath, others: ReadonlySet<EntryPath>): boolean {
  for (let at = path; at !== ''; at = parentOf(at)) if (others.has(at)) return true;
  return false;
}

function watchSystem(...[where, onEvent, onError]: Parameters<Watch>): () => void {
  const watcher: FSWatcher = watch(where, { persistent: false }, (event, name) =>
    onEvent(event === 'rename' && name?.includes(REPLACEMENT) ? null : name),
  );
  watcher.on('error', onError);
  return () => watcher.close();
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOSPC') return 'the system watches no more folders (fs.inotify.max_user_watches)';
  if (code === 'EMFILE') return 'the system opens no more watches (fs.inotify.max_user_instances)';
  return code ?? messageOf(error);
}
