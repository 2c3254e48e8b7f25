import { ChunkIndex } from '../../../lib/share/chunks/chunk-index.ts';
import { ChunkList, packChunk } from '../../../lib/share/chunks/chunk-list.ts';
import { GrowingList } from '../../../lib/share/chunks/growing-list.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const random = seededRandom(6);
const sizes = Array.from({ length: 300 }, () => 1 + random.integer(200_000));
const size = sizes.reduce((sum, one) => sum + one, 0);
const packed = new Uint8Array(35 * sizes.length);
for (const [index, bytes] of sizes.entries())
  packChunk(packed, index, { size: bytes, hash: Buffer.alloc(32, `${index};`) });
const list = new ChunkList(packed);

/** With the first ones, told in pieces of some. */
function grown(count: number, step = 7): GrowingList {
  const growing = new GrowingList(size);
  for (let at = 0; at < count; at += step) growing.add(packed.subarray(35 * at, 35 * Math.min(at + step, count)));
  return growing;
}

describe('A GrowingList', () => {
  it('knows of each chunk what the whole list knows', () => {
    const growing = grown(300);
    for (const index of [0, 1, 63, 64, 65, 127, 128, 299]) {
      expect(growing.sizeOf(index)).toBe(list.sizeOf(index));
      expect(growing.offsetOf(index)).toBe(list.offsetOf(index));
      expect(growing.hashOf(index)).toEqual(list.hashOf(index));
    }
    expect(growing.offsetOf(300)).toBe(size);
    expect(growing.toList().id).toBe(list.id);
  });

  it('is whole when there are as many bytes as there are to be, and not before', () => {
    expect([grown(299).isWhole, grown(300).isWhole]).toEqual([false, true]);
    expect([grown(299).count, grown(299).size]).toEqual([299, size]);
  });

  it('knows nothing of chunks that have not been told', () => {
    expect(() => grown(10).sizeOf(10)).toThrowError(RangeError, /no chunk 10 among 10/);
    expect(() => grown(10).hashOf(-1)).toThrowError(RangeError);
  });

  it('takes no more bytes than the content has, and no more chunks than a file may have', () => {
    expect(() => grown(300).add(packed.subarray(0, 35))).toThrowError(RangeError, /bytes/);
    const one = new Uint8Array(35);
    packChunk(one, 0, { size: 1, hash: Buffer.alloc(32) });
    const growing = new GrowingList(2);
    growing.add(one);
    growing.add(one);
    expect(() => growing.add(one)).toThrowError(RangeError, /chunks/);
  });

  it('can be searched through while it grows', () => {
    const growing = new GrowingList(size);
    const index = new ChunkIndex(growing, growing.most);
    growing.add(packed.subarray(0, 35 * 100));
    expect(index.find(list.hashOf(99))).toBeUndefined();
    index.grow();
    expect([index.find(list.hashOf(99)), index.find(list.hashOf(100))]).toEqual([99, undefined]);
    growing.add(packed.subarray(35 * 100));
    index.grow();
    expect([index.find(list.hashOf(0)), index.find(list.hashOf(299))]).toEqual([0, 299]);
  });
});
