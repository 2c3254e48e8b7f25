import { statSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ChunkIndex } from './chunks/chunk-index.ts';
import { type ChunkList, wholeOf } from './chunks/chunk-list.ts';
import { copyWhole, freshName } from './disk/copies.ts';
import type { Part, WrittenChunk } from './disk/part.ts';
import type { Parts } from './disk/parts.ts';
import type { Trash } from './disk/trash.ts';
import { type EntryPath, type FileContent, hasSameBytes } from './model/entry.ts';
import type { SavedEntry } from './replica/events.ts';
import type { ContentIndex } from './transfer/content-index.ts';
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
  /** Is what lies at a path what is held there? */
  readonly isCurrent: (path: EntryPath) => boolean;
  /** A content is begun that has to come over the network, or some of it. */
  readonly onBegun: (path: EntryPath) => void;
}

/** A stretch of bytes that lies in the old file as it does in the new one. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

// Of a copy: few calls, and little memory.
const MOST_BYTES_OF_A_STRETCH = 1024 ** 2;

const GONE = { type: 'deleted' } as const;

/** Finds on this disk what is to be fetched, whole or in parts, and keeps what comes. */
export class DiskFetches implements FetchDisk {
  readonly #options: DiskFetchesOptions;
  /** Parts that are whole, by their files, until they are moved to where they belong. */
  readonly #finished = new Map<string, Part>();

  constructor(options: DiskFetchesOptions) {
    this.#options = options;
  }

  async whole(content: FileContent, inline: Uint8Array | undefined): Promise<string | undefined> {
    const { parts, index, trash, held, isCurrent, whereOf } = this.#options;
    if (content.size === 0) return parts.writeWhole(new Uint8Array());
    // Of the same id: another peer may have told them with its own size.
    if (inline?.length === content.size) return parts.writeWhole(inline);
    for (const path of index.pathsOf(content.id)) {
      if (!isCurrent(path) || !hasSameBytes(held(path)?.entry.content ?? GONE, content)) continue;
      const copy = await this.#copyOf(whereOf(path));
      if (copy !== undefined && isCurrent(path)) return copy;
    }
    const trashed = trash.find(content.id);
    return trashed === undefined || statSync(trashed).size !== content.size ? undefined : this.#copyOf(trashed);
  }

  async begin(content: FileContent, list: ChunkList, path: EntryPath): Promise<OpenPart> {
    this.#options.onBegun(path);
    if (list.count === 1) return onePiece(this.#options.parts);
    const part = await this.#options.parts.begin(content.id, content.size);
    const here = new Set(indicesIn(list, part));
    const isResumed = here.size > 0;
    if (here.size < list.count) await this.#takeOver(part, list, here, path);
    return this.#open(part, list, { here, isResumed });
  }

  async copy(file: string): Promise<string> {
    const copy = await this.#copyOf(file);
    if (copy === undefined) throw new RangeError(`${file} was changed by somebody else`);
    return copy;
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

  #open(part: Part, list: ChunkList, found: Pick<OpenPart, 'here' | 'isResumed'>): OpenPart {
    return {
      ...found,
      write: (first, data) => part.write(chunksIn(list, first, data.length), data),
      finish: async () => {
        const file = await part.finish();
        this.#finished.set(file, part);
        return file;
      },
      leave: () => part.close(),
    };
  }

  async #copyOf(file: string): Promise<string | undefined> {
    const copy = freshName(this.#options.tmp);
    try {
      return (await copyWhole(file, copy)) === undefined ? undefined : copy;
    } catch {
      // It is gone, or may not be read: there are others to ask.
      return undefined;
    }
  }

  /** What the old file at the path has in common with the new one need not come over the network. */
  async #takeOver(part: Part, list: ChunkList, here: Set<number>, path: EntryPath): Promise<void> {
    const { held, isCurrent, whereOf } = this.#options;
    const old = held(path)?.entry.content;
    if (old?.type !== 'file' || old.size === 0 || !isCurrent(path)) return;
    const common = commonChunks(list, wholeOf(old), here);
    if (common.size === 0) return;
    await copyStretches(whereOf(path), part.where, stretchesOf(list, wholeOf(old), common));
    // What was copied is what was held only when it was not changed meanwhile.
    if (!isCurrent(path)) return;
    part.note([...common.keys()].map((index) => chunkAt(list, index)));
    for (const index of common.keys()) here.add(index);
  }
}

/** The chunks that begin with one and are so many bytes. */
function chunksIn(list: ChunkList, first: number, size: number): readonly WrittenChunk[] {
  const chunks: WrittenChunk[] = [];
  for (let index = first, bytes = 0; bytes < size; index += 1) {
    const chunk = chunkAt(list, index);
    chunks.push(chunk);
    bytes += chunk.size;
  }
  return chunks;
}

/** A content that comes in one piece is written when it is here: there is nothing to go on with. */
function onePiece(parts: Parts): OpenPart {
  let file: string | undefined;
  return {
    here: [],
    isResumed: false,
    async write(_, data) {
      file = parts.writeWhole(data);
    },
    async finish() {
      if (file === undefined) throw new RangeError('nothing was written');
      return file;
    },
    leave: async () => undefined,
  };
}

function chunkAt(list: ChunkList, index: number): WrittenChunk {
  const hash = Buffer.from(list.hashOf(index)).toString('hex');
  return { hash, offset: list.offsetOf(index), size: list.sizeOf(index) };
}

function* indicesIn(list: ChunkList, part: Part): Iterable<number> {
  if ([...part.chunks].length === 0) return;
  for (let index = 0; index < list.count; index += 1) if (part.has(chunkAt(list, index))) yield index;
}

/** @returns for each chunk that is still missing and is in the old file, which it is there */
function commonChunks(list: ChunkList, old: ChunkList, here: ReadonlySet<number>): ReadonlyMap<number, number> {
  const index = new ChunkIndex(old);
  const common = new Map<number, number>();
  for (let chunk = 0; chunk < list.count; chunk += 1) {
    const there = here.has(chunk) ? undefined : index.find(list.hashOf(chunk));
    if (there !== undefined) common.set(chunk, there);
  }
  return common;
}

function* stretchesOf(list: ChunkList, old: ChunkList, common: ReadonlyMap<number, number>): Iterable<Stretch> {
  let last: Stretch | undefined;
  for (const [chunk, there] of common) {
    const next = { from: old.offsetOf(there), to: list.offsetOf(chunk), size: list.sizeOf(chunk) };
    const joins =
      last !== undefined &&
      last.from + last.size === next.from &&
      last.to + last.size === next.to &&
      last.size + next.size <= MOST_BYTES_OF_A_STRETCH;
    if (last !== undefined && !joins) yield last;
    last = last !== undefined && joins ? { ...last, size: last.size + next.size } : next;
  }
  if (last !== undefined) yield last;
}

async function copyStretches(from: string, to: string, stretches: Iterable<Stretch>): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'r+');
    try {
      const room = Buffer.allocUnsafe(MOST_BYTES_OF_A_STRETCH);
      for (const stretch of stretches) await copyStretch(source, target, stretch, room);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyStretch(
  source: FileHandle,
  target: FileHandle,
  { from, to, size }: Stretch,
  room: Buffer,
): Promise<void> {
  let read = 0;
  while (read < size) {
    const { bytesRead } = await source.read(room, read, size - read, from + read);
    // It is shorter now: what is missing will be seen to have changed.
    if (bytesRead === 0) return;
    read += bytesRead;
  }
  for (let done = 0; done < size; ) done += (await target.write(room, done, size - done, to + done)).bytesWritten;
}
