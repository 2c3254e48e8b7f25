import type { JournalRecord } from '../../base/journal-content.ts';
import type { ContentId } from '../model/entry.ts';
import type { Fields } from './fields.ts';

/** A chunk that was written into a part. */
export interface PartChunk {
  /** Where it begins in the part, in bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** Of its bytes: 32 of its own. */
  readonly sha256: Uint8Array;
}

/** An unfinished temporary file, and what is in it. */
export interface Part {
  /** Of the file, in the folder of the parts. */
  readonly name: string;
  /** What it is to become: a content, or a draft whose id is not known yet. */
  readonly id: ContentId;
  /** Bytes when it is whole. */
  readonly size: number;
  readonly chunks: readonly PartChunk[];
}

interface KeptPart extends Omit<Part, 'chunks'> {
  /** By where they begin: one that was written twice is there once. */
  readonly chunks: Map<number, PartChunk>;
}

const OFFSET_BYTES = 6;
const SIZE_BYTES = 3;
const HASH_BYTES = 32;
const CHUNK_BYTES = OFFSET_BYTES + SIZE_BYTES + HASH_BYTES;

// So that no line of the journal grows without end: 160 kB of text.
const CHUNKS_IN_RECORD = 3000;

/** All parts, as the records of a journal tell them. */
export class Parts {
  readonly #parts = new Map<string, KeptPart>();

  all(): readonly Part[] {
    return [...this.#parts.values()].map((part) => ({ ...part, chunks: [...part.chunks.values()] }));
  }

  /** Bytes of the records that say what is there, roughly. */
  get weight(): number {
    let weight = 0;
    for (const { chunks } of this.#parts.values()) weight += weightOfChunks(chunks.size);
    return weight;
  }

  make(fields: Fields): void {
    const name = fields.text();
    this.#parts.set(name, { name, id: fields.text(), size: fields.count(), chunks: new Map() });
  }

  /** More of a part has been written; of one that is not there any more it does not matter. */
  fill(fields: Fields): void {
    const chunks = this.#parts.get(fields.text())?.chunks;
    const packed = fields.bytes();
    if (packed.length % CHUNK_BYTES !== 0) throw new RangeError('the chunks of a part cannot be read');
    for (let at = 0; at < packed.length; at += CHUNK_BYTES) {
      const chunk = unpack(packed.subarray(at, at + CHUNK_BYTES));
      chunks?.set(chunk.offset, chunk);
    }
  }

  drop(fields: Fields): void {
    this.#parts.delete(fields.text());
  }

  /** What says all that is there now. */
  *records(): Iterable<JournalRecord> {
    for (const { name, id, size, chunks } of this.#parts.values()) {
      yield partRecord(name, id, size);
      yield* chunksRecords(name, [...chunks.values()]);
    }
  }
}

/** A part was made. */
export function partRecord(name: string, id: ContentId, size: number): JournalRecord {
  return ['p', name, id, size];
}

/** Chunks were written into a part. */
export function* chunksRecords(name: string, chunks: readonly PartChunk[]): Iterable<JournalRecord> {
  for (let at = 0; at < chunks.length; at += CHUNKS_IN_RECORD) {
    const some = chunks.slice(at, at + CHUNKS_IN_RECORD);
    yield ['c', name, Buffer.concat(some.map(pack)).toString('base64')];
  }
}

/** Bytes of a record of so many chunks, roughly. */
function weightOfChunks(count: number): number {
  return 100 + Math.ceil(CHUNK_BYTES * count * (4 / 3));
}

function pack({ offset, size, sha256 }: PartChunk): Buffer {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  bytes.writeUIntBE(offset, 0, OFFSET_BYTES);
  bytes.writeUIntBE(size, OFFSET_BYTES, SIZE_BYTES);
  bytes.set(sha256, OFFSET_BYTES + SIZE_BYTES);
  return bytes;
}

function unpack(bytes: Buffer): PartChunk {
  return {
    offset: bytes.readUIntBE(0, OFFSET_BYTES),
    size: bytes.readUIntBE(OFFSET_BYTES, SIZE_BYTES),
    sha256: bytes.subarray(OFFSET_BYTES + SIZE_BYTES),
  };
}
