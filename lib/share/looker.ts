import type { Clock } from '../base/clock.ts';
import { Pace } from '../files/pace.ts';
import type { ContentReader } from './chunks/content-reader.ts';
import { ReadError } from './chunks/read-error.ts';
import type { Keeper } from './disk/group-commit.ts';
import type { Look, Sighting } from './disk/look.ts';
import { fileOf } from './disk/stamp.ts';
import type { EntryPath, Seen } from './model/entry.ts';
import type { DraftFile, ToldDraft } from './transfer/draft-teller.ts';

type FileSighting = Extract<Sighting, { kind: 'file' }>;

/** What a looker works with. */
export interface LookerOptions {
  /** Look at paths. @throws when the share is not there any more */
  readonly look: (paths: readonly EntryPath[]) => Promise<Look>;
  readonly reader: Pick<ContentReader, 'read' | 'readMany'>;
  readonly clock: Clock;
  /** Is what was read still what lies there? */
  readonly isCurrent: (path: EntryPath, seen: Seen) => boolean;
  /** What was held when somebody looked and saw nothing new. */
  readonly unchanged: (path: EntryPath) => Seen | undefined;
  /** What is to be kept of what is seen goes there. */
  readonly keeper: Keeper;
  /** A large file is going to be read. @returns who is told of it meanwhile, if anybody is */
  readonly onReading: (file: DraftFile) => ToldDraft | undefined;
  /** Somebody saw this. */
  readonly onFound: (path: EntryPath, seen: Seen) => void;
  /** The path is taken by something that is not shared, or cannot be read. */
  readonly onTaken: (path: EntryPath) => void;
  readonly onLook: (look: Look) => void;
  /** The share is not there any more, or a fault: nothing goes on from here. */
  readonly onEnd: (error: unknown) => void;
  /** A file cannot be read. */
  readonly onUnreadable: (path: EntryPath, error: ReadError) => void;
}

// Below it a file is read with many others in one go.
const SMALL_BYTES = 1024 ** 2;

// Asking the disk for so many paths and telling of them takes a few milliseconds, and what all have in common is little beside it.
const AT_ONCE = 256;

// A file that was changed while it was read is read again soon, but not all the time for as long as somebody writes to it.
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** Finds out what has changed on the disk: looks where something may have, and reads the files that are not what they were. */
export class Looker {
  readonly #options: LookerOptions;
  readonly #dirty = new Set<EntryPath>();
  /** Large files that are being read. */
  readonly #reading = new Map<EntryPath, Promise<void>>();
  /** How long it is waited before a file is read again that was changed while it was read. */
  readonly #waits = new Map<EntryPath, number>();
  readonly #timers = new Map<EntryPath, () => void>();
  #round: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: LookerOptions) {
    this.#options = options;
  }

  /** Something may have changed at these paths. */
  dirty(paths: Iterable<EntryPath>): void {
    for (const path of paths) this.#dirty.add(path);
    this.#start();
  }

  /** Large files that are being read. */
  get reading(): Iterable<EntryPath> {
    return this.#reading.keys();
  }

  /** Files that were changed while they were read, and are read again when they rest. */
  get restless(): Iterable<EntryPath> {
    return this.#waits.keys();
  }

  /** Fulfilled when somebody has looked at a path, and has read what lies there. */
  async lookedAt(path: EntryPath): Promise<void> {
    this.dirty([path]);
    // The round that is under way may have passed it already.
    while (this.#round !== undefined && this.#dirty.has(path)) await this.#round;
    await this.#round;
    await this.#reading.get(path);
  }

  /** Is everything known that was to be looked at? */
  get isIdle(): boolean {
    return this.#round === undefined && this.#dirty.size === 0 && this.#reading.size === 0;
  }

  /** Fulfilled when that is so. */
  async idle(): Promise<void> {
    while (!this.isIdle && !this.#isClosed) await Promise.all([this.#round, ...this.#reading.values()]);
  }

  /** Nothing is told any more. The reader is its owner's to close. */
  close(): void {
    this.#isClosed = true;
    this.#dirty.clear();
    for (const cancel of this.#timers.values()) cancel();
  }

  #start(): void {
    if (this.#round !== undefined || this.#isClosed || this.#dirty.size === 0) return;
    this.#round = this.#look()
      .catch((error: unknown) => {
        if (!this.#isClosed) this.#options.onEnd(error);
      })
      .finally(() => {
        this.#round = undefined;
        this.#start();
      });
  }

  async #look(): Promise<void> {
    const paths = [...this.#dirty];
    this.#dirty.clear();
    const look = await this.#options.look(paths);
    if (this.#isClosed) return;
    this.#options.onLook(look);
    const moved = await this.#tellGone(look);
    await this.#tellFolders(look.found);
    if (this.#isClosed) return;
    const files = look.found.filter((sighting) => sighting.kind === 'file');
    for (const file of files) {
      // The others have what was only renamed: there is nothing to be told before it is known to be the same.
      if (file.size > SMALL_BYTES) this.#readLarge(file, !moved.has(fileOf(file.stamp)));
    }
    await this.#readSmall(files.filter(({ size }) => size <= SMALL_BYTES));
    if (this.#isClosed) return;
    this.#answer(look, new Set(look.found.map(({ path }) => path)));
  }

  /** @returns the files that are not where they were any more: the same ones may lie elsewhere now */
  async #tellGone({ gone, stillGone }: Look): Promise<ReadonlySet<string>> {
    const moved = new Set<string>();
    await this.#together(gone, (paths) => {
      const still = new Set(stillGone(paths));
      for (const path of paths) {
        if (still.has(path)) {
          moved.add(fileOf(this.#options.unchanged(path)?.stamp ?? ''));
          this.#options.onFound(path, { type: 'deleted', stamp: '' });
        } else this.#dirty.add(path);
      }
    });
    return moved;
  }

  async #tellFolders(found: readonly Sighting[]): Promise<void> {
    const folders = found.filter(({ kind }) => kind === 'folder');
    await this.#together(folders, (some) => {
      for (const { path, stamp } of some) {
        const seen = { type: 'directory', stamp } as const;
        // A folder may have been taken away since it was seen. Of a file, that is found out when it was read.
        if (this.#options.isCurrent(path, seen)) this.#options.onFound(path, seen);
        else this.#dirty.add(path);
      }
    });
  }

  /** Tell of many, some at a time: what is asked of the disk holds only as long as nobody else has a turn. */
  async #together<One>(all: readonly One[], tell: (some: readonly One[]) => void): Promise<void> {
    const pace = new Pace();
    for (let first = 0; first < all.length && !this.#isClosed; first += AT_ONCE) {
      this.#keep(() => tell(all.slice(first, first + AT_ONCE)));
      if (pace.isDue()) await pace.rest();
    }
  }

  /** Tell something that is kept. */
  #keep(tell: () => void): void {
    const { keeper } = this.#options;
    keeper.assertInPlace();
    keeper.together(tell);
  }

  /** Who asked for a path wants to hear of it also when there is nothing new. */
  #answer({ asked }: Look, told: ReadonlySet<EntryPath>): void {
    for (const [path, lies] of asked) {
      if (path === '' || told.has(path)) continue;
      // Nothing is read there that could have to come to rest. Who waits for that asks for the path, when the time has come.
      this.#waits.delete(path);
      const held = this.#options.unchanged(path);
      if (lies === 'left') this.#options.onTaken(path);
      else if (lies === 'gone') {
        // Reading the others takes its time: what is held now was put there since. What was gone from here has been told.
        if (held === undefined) this.#options.onFound(path, { type: 'deleted', stamp: '' });
      } else if (held !== undefined) this.#options.onFound(path, held);
      // Others took it away since.
      else this.#dirty.add(path);
    }
  }

  async #readSmall(files: readonly FileSighting[]): Promise<void> {
    if (files.length === 0) return;
    const places = files.map(({ where }) => where);
    // Peers are told of the first ones while the others are still read.
    await this.#options.reader.readMany(places, (results, first) =>
      this.#keep(() => {
        for (const [index, result] of results.entries()) {
          const path = files[first + index]?.path ?? '';
          if (result instanceof ReadError) this.#failed(path, result);
          else this.#read(path, { ...result.content, stamp: result.stamp });
        }
      }),
    );
  }

  #readLarge(file: FileSighting, isNew: boolean): void {
    const { path } = file;
    // It is read already: who reads it sees that it was changed meanwhile.
    if (this.#reading.has(path)) return;
    // One that is being written would be told for nothing.
    const draft = isNew && !this.#waits.has(path) ? this.#options.onReading(file) : undefined;
    const reading = this.#options.reader
      .read(file.where, draft === undefined ? {} : { onChunks: (chunks) => draft.add(chunks) })
      .then(({ content, stamp }) => this.#read(path, { ...content, stamp }, draft))
      .catch((error: unknown) => {
        draft?.end();
        if (error instanceof ReadError) this.#failed(path, error);
        else if (!this.#isClosed) this.#options.onEnd(error);
      })
      .finally(() => this.#reading.delete(path));
    this.#reading.set(path, reading);
  }

  #read(path: EntryPath, seen: Seen, draft?: ToldDraft): void {
    if (this.#isClosed) return;
    const isCurrent = this.#options.isCurrent(path, seen);
    // Before the entry: whoever has followed it knows what it is then.
    draft?.end(isCurrent && seen.type === 'file' ? seen : undefined);
    if (isCurrent) {
      this.#waits.delete(path);
      this.#options.onFound(path, seen);
    } else this.#readLater(path);
  }

  #failed(path: EntryPath, error: ReadError): void {
    if (this.#isClosed) return;
    if (error.code === 'E_UNREADABLE') {
      this.#options.onUnreadable(path, error);
      // Who asked for the path would wait for ever to hear what lies there.
      this.#options.onTaken(path);
    }
    // It is being written: there is nothing to be told before that ends.
    if (error.code === 'E_CHANGED') this.#readLater(path);
    else this.#waits.delete(path);
    if (error.code === 'E_VANISHED') this.dirty([path]);
  }

  #readLater(path: EntryPath): void {
    const wait = this.#waits.get(path) ?? FIRST_WAIT_MS;
    this.#waits.set(path, Math.min(2 * wait, LONGEST_WAIT_MS));
    this.#timers.get(path)?.();
    const cancel = this.#options.clock.after(wait, () => {
      this.#timers.delete(path);
      this.dirty([path]);
    });
    this.#timers.set(path, cancel);
  }
}
