import { idOfChunk, idOfList } from '../model/content-id.ts';
import type { Content, Entry, FileContent } from '../model/entry.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { CHUNK_RECORD_BYTES, sizeOfChunks } from './chunk-lists.ts';
import { wireLimits } from './limits.ts';
import type { ToldEntry } from './message.ts';
import { readPath } from './path-rules.ts';
import { VersionReader, writeVersion } from './versions-on-wire.ts';
import { notAllowed } from './wire-error.ts';

/** Bytes of the id of a content. */
export const CONTENT_ID_BYTES = 32;

/** The id of an empty content. */
const NO_BYTES = idOfChunk(Buffer.of());

/** The lowest two bits of the first byte of an entry. */
const types = ['deleted', 'directory', 'file'] as const;
const TYPE_BITS = 3;

/** Its other bits. */
const IS_EXECUTABLE = 4;
const IS_BEFORE_1970 = 8;
const HAS_CHUNKS = 16;
const HAS_BYTES = 32;
const HAS_REPLACED = 64;
const OF_FILES = IS_EXECUTABLE | IS_BEFORE_1970 | HAS_CHUNKS | HAS_BYTES;

/** Put an entry into a message. */
export function writeEntry(writer: ByteWriter, { entry, number, bytes }: ToldEntry): void {
  const { content, path, version, replaced } = entry;
  const head = types.indexOf(content.type) | (replaced === undefined ? 0 : HAS_REPLACED);
  writer
    .u8(content.type === 'file' ? head | flagsOf(content, bytes) : head)
    .number(number)
    .text(path);
  writeVersion(writer, version);
  if (replaced !== undefined) writer.hex(replaced, CONTENT_ID_BYTES);
  if (content.type !== 'file') return;
  const { size, id, mtimeMs, chunks } = content;
  writer.number(size).hex(id, CONTENT_ID_BYTES).number(Math.abs(mtimeMs));
  if (chunks !== undefined) writer.number(chunks.length / CHUNK_RECORD_BYTES).bytes(chunks);
  if (bytes !== undefined) writer.bytes(bytes);
}

/** @returns bytes that it takes at most in a message */
export function sizeOfEntry({ entry: { content, path, version }, bytes }: ToldEntry): number {
  const chunks = content.type === 'file' ? (content.chunks?.length ?? 0) : 0;
  // A letter takes at most three bytes, a counter and a number 16 and 8; the rest is a type, ids, size and time.
  return 128 + 3 * path.length + 16 * version.length + chunks + (bytes?.length ?? 0);
}

function flagsOf({ mtimeMs, isExecutable, chunks }: FileContent, bytes: Uint8Array | undefined): number {
  const time = (isExecutable ? IS_EXECUTABLE : 0) | (mtimeMs < 0 ? IS_BEFORE_1970 : 0);
  return time | (chunks === undefined ? 0 : HAS_CHUNKS) | (bytes === undefined ? 0 : HAS_BYTES);
}

/** Takes entries out of messages. */
export class EntryReader {
  readonly #versions = new VersionReader();

  /**
   * @param highest the greatest count of a version that is allowed now
   * @throws WireError E_PROTOCOL
   */
  read(reader: ByteReader, highest: number): ToldEntry {
    const head = reader.u8();
    const type = types[head & TYPE_BITS];
    if (type === undefined || head >= 2 * HAS_REPLACED) throw notAllowed('An entry is of a type that is not known');
    if (type !== 'file' && (head & OF_FILES) !== 0) throw notAllowed('An entry that is no file says what files say');
    const number = reader.number();
    const path = readPath(reader);
    const version = this.#versions.read(reader, highest);
    const replaced = (head & HAS_REPLACED) === 0 ? {} : { replaced: reader.hex(CONTENT_ID_BYTES) };
    const content: Content = type === 'file' ? readFile(reader, head) : { type };
    const entry: Entry = { path, content, version, ...replaced };
    if ((head & HAS_BYTES) === 0 || content.type !== 'file') return { entry, number };
    return { entry, number, bytes: readBytes(reader, content) };
  }
}

function readFile(reader: ByteReader, head: number): FileContent {
  const size = reader.number();
  const id = reader.hex(CONTENT_ID_BYTES);
  const mtimeMs = readTime(reader, head);
  const isExecutable = (head & IS_EXECUTABLE) !== 0;
  if ((head & HAS_CHUNKS) !== 0) {
    return { type: 'file', size, id, mtimeMs, isExecutable, chunks: readChunks(reader, size, id) };
  }
  if (size > wireLimits.chunkBytes) throw notAllowed('A file of more than one chunk does not tell them');
  // Nobody asks for its bytes, and so nobody would find out.
  if (size === 0 && id !== NO_BYTES) throw notAllowed('An empty file has the id of another one');
  return { type: 'file', size, id, mtimeMs, isExecutable };
}

function readTime(reader: ByteReader, head: number): number {
  const time = reader.number();
  if (time > wireLimits.timeMs) throw notAllowed('A file is of a time that is none');
  if ((head & IS_BEFORE_1970) === 0) return time;
  if (time === 0) throw notAllowed('A file is of 1970 and of before');
  return -time;
}

/** A copy: it is kept for as long as the entry, and a view would keep all that came with it. */
function readChunks(reader: ByteReader, size: number, id: string): Uint8Array {
  const count = reader.number();
  if (count < 2) throw notAllowed('A file of one chunk tells a list of them');
  const list = reader.bytes(count * CHUNK_RECORD_BYTES);
  if (sizeOfChunks(list) !== size) throw notAllowed('The chunks of a file are not as long as the file');
  if (idOfList(list) !== id) throw notAllowed('The chunks of a file are not those that it is named after');
  return Uint8Array.from(list);
}

function readBytes(reader: ByteReader, { size, id, chunks }: FileContent): Uint8Array {
  if (size > wireLimits.inlineBytes || chunks !== undefined)
    throw notAllowed('A file is too long to go with its entry');
  const bytes = reader.bytes(size);
  if (idOfChunk(bytes) !== id) throw notAllowed('The bytes of a file are not those that it is named after');
  return bytes;
}
