import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Turns } from '../base/turns.ts';
import { ChunkIndex } from './chunks/chunk-index.ts';
import { type Chunks, wholeOf } from './chunks/chunk-list.ts';
import { copyWhole, freshName } from './disk/copies.ts';
import type { Part } from './disk/part.ts';
import type { Parts } from './disk/parts.ts';
import type { Trash } from './disk/trash.ts';
import { type Base, chunkAt, GatheringPart } from './gathering-part.ts';
import type { EntryPath, FileContent } from './model/entry.ts';
import type { SavedEntry } from './replica/events.ts';
import type { ContentIndex } from './transfer/content-index.ts';
import { isDraftName } from './transfer/draft-name.ts';
import type { FetchDisk, OpenPart } from './transfer/fetch-disk.ts';

/** What is needed to find contents on this disk. */
export interface DiskFetchesOptions {
  readonly parts: Parts;
  readonly trash: Trash;
  readonly index: ContentIndex;
  /** Where copies are made. */
  readonly tmp: string;
  readonly held: (path: EntryPath) => SavedEntry | undefined;
  /** Of an entry, for the system. */
  readonly whereOf: (path: EntryPath) => string;
  /**
   * Does this still lie at its path? What was held when it was begun with: meanwhile something else may be held there, and lie there.
   */
  readonly isCurrent: (held: SavedEntry) => boolean;
  /** Fulfilled when it is known what lies at a path; `undefined` where it is known, or where nothing lies. */
  readonly known: (path: EntryPath) => Promise<void> | undefined;
  /** A content is begun that has to come over the network, or some of it. */
  readonly onBegun: (path: EntryPath) => void;
  /** Of one that is finished: so many bytes had not to come, since they lay on this disk, or many times in the file itself. */
  readonly onHere: (path: EntryPath, bytes: number) => void;
}

/** Finds on this disk what is to be fetched, whole or in parts, and keeps what comes. */
export class DiskFetches implements FetchDisk {
  readonly #options: DiskFetchesOptions;
  /** One after the other: two drafts must not go on with the same part. */
  readonly #turns = new Turns();
  /** When whoever has begun a part last has let go of it. */
  readonly #free = new WeakMap<Part, Promise<void>>();
  /** Parts that are whole, by their files, until they are moved to where they belong. */
  readonly #finished = new Map<string, Part>();

  constructor(options: DiskFetchesOptions) {
    this.#options = options;
  }

  async whole(content: FileContent, inline: Uint8Array | undefined): Promise<string | undefined> {
    const { parts, index, held, isCurrent, whereOf } = this.#options;
    if (content.size === 0) return parts.writeWhole(new Uint8Array(), content);
    // Of the same id: another peer may have told them with its own size.
    if (inline?.length === content.size) return parts.writeWhole(inline, content);
    for (const path of index.pathsOf(content.id)) {
      const there = held(path);
      if (there === undefined || !isContent(there, content) || !isCurrent(there)) continue;
      const copy = await this.#copyOf(whereOf(path));
      if (copy !== undefined && isCurrent(there)) return copy;
      if (copy !== undefined) await this.leave(copy);
    }
    const finished = [...this.#finished].find(([, part]) => part.id === content.id && part.size === content.size);
    // Whoever went on with it would write to what may be a file of the share by then.
    const copy = finished && (await this.#copyOf(finished[0]));
    if (copy !== undefined) return copy;
    return await this.#copyTrashed(content);
  }

  async begin(content: Pick<FileContent, 'id' | 'size'>, list: Chunks, path: EntryPath): Promise<OpenPart> {
    const { held, isCurrent, known, onBegun, parts } = this.#options;
    // Two that have the same files, and meet while they read them for the first time, must not send them to each other.
    await known(path);
    const there = held(path);
    // Then it is wanted for other paths at most, and nothing has to come.
    if (there !== undefined && isContent(there, content) && isCurrent(there))
      return copied(() => this.#copyHeld(there));
    // That of a draft is told when it is known to be wanted.
    if (!isDraftName(content.id)) onBegun(path);
    // Of a draft there may be a single chunk by now, and more later.
    if (list.count === 1 && !isDraftName(content.id)) return onePiece(parts);
    // Before the part is taken: what fails behind that would have to let go of it.
    const base = this.#baseFor(path, content.size);
    const part = await this.#turns.take(() => this.#open(content, list));
    const letGo = await this.#takeAlone(part);
    return new GatheringPart(part, list, {
      base,
      onFinished: (file, cameBytes) => {
        this.#finished.set(file, part);
        this.#options.onHere(path, content.size - cameBytes);
      },
      onClosed: () => {
        parts.release(part);
        letGo();
      },
      // Another one of the same content may be about to be moved: the name is only for going on after a crash.
      become: (id) => {
        if (!parts.has(id) && !parts.rename(part, id))
          throw new RangeError('what came of it was removed by somebody else');
      },
    });
  }

  async copy(file: string): Promise<string> {
    const copy = freshName(this.#options.tmp);
    try {
      if ((await copyWhole(file, copy)) !== undefined) return copy;
    } catch (error) {
      await rm(copy, { force: true });
      throw error;
    }
    throw new RangeError('it was changed while it was copied');
  }

  /** A finished file was moved to where it belongs. */
  async used(file: string): Promise<void> {
    const part = this.#finished.get(file);
    this.#finished.delete(file);
    await part?.drop();
  }

  /** A finished file is not needed. A part stays: others may have chunks of it. */
  async leave(file: string): Promise<void> {
    if (!this.#finished.delete(file)) await rm(file, { force: true });
  }

  async #open(content: Pick<FileContent, 'id' | 'size'>, list: Chunks): Promise<Part> {
    this.#reuseDraft(content, list);
    return await this.#options.parts.begin(content.id, content.size);
  }

  /** Fulfilled when nobody else writes to a part, or reads from it. @returns to be called at the end */
  async #takeAlone(part: Part): Promise<() => void> {
    const free = this.#free.get(part);
    let letGo: () => void = () => undefined;
    this.#free.set(part, new Promise((resolve) => (letGo = resolve)));
    await free;
    return letGo;
  }

  /** @throws an error of the system; RangeError when it is not what is held there any more */
  async #copyHeld(held: SavedEntry): Promise<string> {
    const { isCurrent, whereOf } = this.#options;
    const copy = await this.copy(whereOf(held.entry.path));
    if (isCurrent(held)) return copy;
    await this.leave(copy);
    throw new RangeError('what it was copied from was changed meanwhile');
  }

  async #copyTrashed({ id, size }: FileContent): Promise<string | undefined> {
    const { trash } = this.#options;
    const trashed = trash.find(id);
    if (trashed === undefined || statSync(trashed).size !== size) return undefined;
    const copy = await this.#copyOf(trashed);
    // Whoever still had it open has written to it meanwhile.
    if (copy === undefined || trash.find(id) === trashed) return copy;
    await this.leave(copy);
    return undefined;
  }

  /** A draft that broke off: what came of it is good for what it has become, or for the draft that is read anew. */
  #reuseDraft({ id, size }: Pick<FileContent, 'id' | 'size'>, list: Chunks): void {
    const { parts } = this.#options;
    if (parts.has(id)) return;
    const finished = new Set(this.#finished.values());
    for (const part of [...parts.all]) {
      if (!isDraftName(part.id) || part.size !== size || parts.isUsed(part) || finished.has(part)) continue;
      if (!isDraftName(id) && !hasSome(part, list)) continue;
      if (parts.rename(part, id)) return;
    }
  }

  /** What lies on this disk that is likely to have much in common with what comes. */
  #baseFor(path: EntryPath, size: number): Base | undefined {
    const { held, index, isCurrent, whereOf } = this.#options;
    const isFile = held(path)?.entry.content.type === 'file';
    const from = isFile ? path : index.pathOfSize(size);
    const old = from === undefined ? undefined : held(from);
    if (old?.entry.content.type !== 'file' || old.entry.content.size === 0) return undefined;
    const list = wholeOf(old.entry.content);
    return { list, index: new ChunkIndex(list), file: whereOf(old.entry.path), isCurrent: () => isCurrent(old) };
  }

  async #copyOf(file: string): Promise<string | undefined> {
    try {
      return await this.copy(file);
    } catch {
      // It is gone, or may not be read: there are others to ask.
      return undefined;
    }
  }
}

function isContent({ entry: { content } }: SavedEntry, { id, size }: Pick<FileContent, 'id' | 'size'>): boolean {
  return content.type === 'file' && content.id === id && content.size === size;
}

/** A content that lies on this disk by now: it is copied, unless it was let go of before. */
function copied(copy: () => Promise<string>): OpenPart {
  let copying: Promise<string> | undefined;
  const leave = async () => {
    if (copying !== undefined) await rm(await copying, { force: true });
  };
  return {
    isResumed: false,
    async gather(first, end) {
      copying = copy();
      await copying;
      return { here: new Set(Array.from({ length: end - first }, (_, index) => first + index)), unseen: [] };
    },
    async finish() {
      if (copying === undefined) throw new RangeError('nothing was copied');
      return await copying;
    },
    // All of it is here: there is nothing to be asked for, or to be written.
    look: async () => new Set(),
    write: async () => undefined,
    repeat: async () => undefined,
    become: () => undefined,
    discard: leave,
    leave,
  };
}

/** A content that comes in one piece is written when it is here: there is nothing to go on with. */
function onePiece(parts: Parts): OpenPart {
  let file: string | undefined;
  const leave = async () => {
    if (file !== undefined) await rm(file, { force: true });
  };
  return {
    isResumed: false,
    gather: async () => ({ here: new Set(), unseen: [] }),
    look: async () => new Set(),
    async write(_, data) {
      file = parts.writeWhole(data);
    },
    async finish() {
      if (file === undefined) throw new RangeError('nothing was written');
      return file;
    },
    // There is neither a second chunk nor a draft of it.
    repeat: async () => undefined,
    become: () => undefined,
    discard: leave,
    leave,
  };
}

/** Is some of the list in the part? The first chunks come first: there is no need to look through all of them. */
function hasSome(part: Part, list: Chunks): boolean {
  for (let index = 0; index < Math.min(list.count, LOOKED_AT); index += 1) {
    if (part.has(chunkAt(list, index))) return true;
  }
  return false;
}

// A change is seldom as long: 64 MiB.
const LOOKED_AT = 1024;
