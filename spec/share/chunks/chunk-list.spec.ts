import { createHash } from 'node:crypto';
import { ChunkIndex } from '../../../lib/share/chunks/chunk-index.ts';
import { ChunkList, wholeOf } from '../../../lib/share/chunks/chunk-list.ts';
import { Chunker } from '../../../lib/share/chunks/chunker.ts';
import type { FileContent } from '../../../lib/share/model/entry.ts';
import { seededBytes } from '../../support/seeded-bytes.ts';

const MIB = 2 ** 20;

/** The SHA-256 of a chunk or a list, behind a byte that says which it is. */
function hashOf(kind: 0 | 1, bytes: Uint8Array): string {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(kind), bytes]))
    .digest('hex');
}

function contentOf(bytes: Uint8Array, piece = bytes.length || 1): FileContent {
  const chunker = new Chunker(bytes.length);
  for (let at = 0; at < bytes.length; at += piece) chunker.write(bytes.subarray(at, at + piece));
  return { type: 'file', ...chunker.end(), mtimeMs: 0, isExecutable: false };
}

describe('Chunker', () => {
  it('knows a content of at most one chunk by the hash of its bytes, and lists no chunks', () => {
    for (const size of [0, 1, 64 * 1024]) {
      const bytes = seededBytes(size, size);
      expect(contentOf(bytes)).toEqual({ type: 'file', size, id: hashOf(0, bytes), mtimeMs: 0, isExecutable: false });
    }
  });

  it('cuts what is longer than 64 KiB, and lists no chunks where there is nothing to be cut', () => {
    const bytes = new Uint8Array(64 * 1024 + 1);
    const { id, chunks } = contentOf(bytes);
    expect([id, chunks]).toEqual([hashOf(0, bytes), undefined]);
    // Of just the largest size: the cut is at its end, and no chunk of nothing follows.
    const largest = new Uint8Array(256 * 1024);
    expect(contentOf(largest, 1000).id).toBe(hashOf(0, largest));
  });

  it('knows a longer one by the hash of its list, in whatever pieces it comes', () => {
    const bytes = seededBytes(1, MIB);
    const { id, chunks = new Uint8Array() } = contentOf(bytes);
    expect(id).toBe(hashOf(1, chunks));
    expect(contentOf(bytes, 12_345).id).toBe(id);
  });

  it('gives no file the id of another one whose list is what is in it, with a byte in front of it or without', () => {
    const { id, chunks = new Uint8Array() } = contentOf(seededBytes(1, MIB));
    for (const front of [[], [0], [1]]) expect(contentOf(Buffer.concat([Buffer.of(...front), chunks])).id).not.toBe(id);
  });

  it('tells the chunks that it found since it was asked before', () => {
    const bytes = seededBytes(1, MIB);
    const chunker = new Chunker(bytes.length);
    const told: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += 50_000) {
      chunker.write(bytes.subarray(at, at + 50_000));
      told.push(chunker.news());
    }
    const { chunks = new Uint8Array() } = chunker.end();
    told.push(chunker.news());
    expect(Buffer.concat(told)).toEqual(Buffer.from(chunks));
    expect(told.every(({ length }) => length < chunks.length / 2)).toBeTrue();
  });

  it('says when there are more chunks than it may list', () => {
    const chunker = new Chunker(MIB, 3);
    const seen: boolean[] = [];
    for (const _ of [1, 2, 3, 4]) {
      chunker.write(new Uint8Array(256 * 1024));
      seen.push(chunker.hasTooMany);
    }
    expect(seen).toEqual([false, false, false, true]);
  });

  it('never changes: peers of other versions know a content by the same id', () => {
    expect(contentOf(seededBytes(1, MIB)).id).toBe('41c4946ca2bf2e68dec60c666c28676c543510765d73c62eb37c80ce7228d5cd');
    expect(contentOf(new Uint8Array(MIB)).id).toBe('26bf647a6c3a60d4e92eb8fa18c3c304533aa408ac54da6f1c0fd094bb981312');
    expect(contentOf(seededBytes(2, 65_536)).id).toBe(
      'e4606d9c5b65782fe759b8714c9271a345ba8f08027eab8174ce6cd1f3141b9c',
    );
  });
});

describe('ChunkList', () => {
  const bytes = seededBytes(6, 12 * MIB);
  const list = wholeOf(contentOf(bytes));

  it('tells where each chunk begins, how long it is and its hash', () => {
    expect(list.count).toBeGreaterThan(128);
    let offset = 0;
    for (let chunk = 0; chunk < list.count; chunk += 1) {
      expect(list.offsetOf(chunk)).toBe(offset);
      const part = bytes.subarray(offset, offset + list.sizeOf(chunk));
      expect(Buffer.from(list.hashOf(chunk)).toString('hex')).toBe(hashOf(0, part));
      offset += part.length;
    }
    expect([list.offsetOf(list.count), list.size]).toEqual([bytes.length, bytes.length]);
  });

  it('knows where a list of just 64 chunks ends', () => {
    const first = new ChunkList(list.packed.subarray(0, 64 * 35));
    expect(first.size).toBe(list.offsetOf(64));
  });

  it('tells the id of the content', () => {
    expect(list.id).toBe(contentOf(bytes).id);
  });

  it('equals one of the same chunks', () => {
    expect(list.equals(new ChunkList(list.packed.slice()))).toBeTrue();
    expect(list.equals(new ChunkList(list.packed.subarray(35)))).toBeFalse();
  });

  it('is of one chunk for a file without a list, and of none for an empty one', () => {
    const part = seededBytes(7, 70);
    const one = wholeOf(contentOf(part));
    expect([one.count, one.size, one.sizeOf(0), one.id]).toEqual([1, 70, 70, hashOf(0, part)]);
    const none = wholeOf(contentOf(new Uint8Array()));
    expect([none.count, none.size, none.id]).toEqual([0, 0, hashOf(0, new Uint8Array())]);
  });

  it('refuses what is no list, and chunks that are not there', () => {
    expect(() => new ChunkList(new Uint8Array(36))).toThrowError(RangeError);
    expect(() => list.sizeOf(list.count)).toThrowError(RangeError);
    expect(() => list.hashOf(-1)).toThrowError(RangeError);
    expect(() => list.offsetOf(list.count + 1)).toThrowError(RangeError);
    expect(() => wholeOf({ ...contentOf(bytes.subarray(0, 9)), size: 2 ** 24 })).toThrowError(RangeError);
  });
});

describe('ChunkIndex', () => {
  const bytes = seededBytes(8, 8 * MIB);
  const list = wholeOf(contentOf(bytes));

  it('finds each chunk by its hash, and no other', () => {
    const index = new ChunkIndex(list);
    for (let chunk = 0; chunk < list.count; chunk += 1) {
      expect(index.find(list.hashOf(chunk))).toBe(chunk);
      const other = list.hashOf(chunk).slice();
      other[31] = (other[31] ?? 0) ^ 1;
      expect(index.find(other)).toBeUndefined();
    }
  });

  it('finds the first of chunks that are the same', () => {
    const zeros = wholeOf(contentOf(new Uint8Array(MIB)));
    expect(zeros.count).toBe(4);
    expect(new ChunkIndex(zeros).find(zeros.hashOf(3))).toBe(0);
  });

  it('finds nothing in an empty list', () => {
    expect(new ChunkIndex(new ChunkList(new Uint8Array())).find(list.hashOf(0))).toBeUndefined();
  });
});
