import fc from 'fast-check';
import { ChunkList, packChunk } from '../../../lib/share/chunks/chunk-list.ts';
import { MissingChunks, type Run } from '../../../lib/share/transfer/missing-chunks.ts';

const MIB = 1024 ** 2;

describe('MissingChunks', () => {
  it('are taken in runs of one behind the other, of at most a MiB', () => {
    const missing = missingOf(listOf([MIB / 2, MIB / 2, 1, MIB, 5]));
    expect(runsOf(missing)).toEqual([
      { first: 0, count: 2, bytes: MIB },
      { first: 2, count: 1, bytes: 1 },
      { first: 3, count: 1, bytes: MIB },
      { first: 4, count: 1, bytes: 5 },
    ]);
  });

  it('pass over what is here', () => {
    const missing = missingOf(listOf([1, 2, 3, 4]));
    missing.have(1);
    expect(runsOf(missing)).toEqual([
      { first: 0, count: 1, bytes: 1 },
      { first: 2, count: 2, bytes: 7 },
    ]);
  });

  it('are taken anew when they were given back, but for those that have come', () => {
    const missing = missingOf(listOf([1, 2, 3]));
    const [run] = runsOf(missing);
    missing.have(1);
    missing.giveBack(run as Run);
    expect(runsOf(missing)).toEqual([
      { first: 0, count: 1, bytes: 1 },
      { first: 2, count: 1, bytes: 3 },
    ]);
  });

  it('are not taken where they were put off, before they are demanded', () => {
    const missing = missingOf(listOf([1, 2, 3]));
    missing.putOff(0);
    expect([missing.isMissing(0), missing.isLacking, runsOf(missing)]).toEqual([
      false,
      true,
      [{ first: 1, count: 2, bytes: 5 }],
    ]);
    expect(missing.isLacking).toBe(false);
    missing.demand(0);
    expect([missing.isMissing(0), missing.isLacking, runsOf(missing)]).toEqual([
      true,
      true,
      [{ first: 0, count: 1, bytes: 1 }],
    ]);
  });

  it('are whole when all have come, in whatever order, and however often one was asked for in vain', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: MIB }), { maxLength: 30 });
    const property = fc.property(sizes, fc.infiniteStream(fc.boolean()), (of, isLucky) => {
      const missing = missingOf(listOf(of));
      let rounds = 0;
      for (let run = missing.take(); run !== undefined; run = missing.take()) {
        rounds += 1;
        if (rounds < 100 && !isLucky.next().value) missing.giveBack(run);
        else for (let index = run.first; index < run.first + run.count; index += 1) missing.have(index);
      }
      return missing.isWhole;
    });
    expect(fc.defaultReportMessage(fc.check(property)) ?? 'holds').toBe('holds');
  });
});

function runsOf(missing: MissingChunks): readonly Run[] {
  const runs: Run[] = [];
  for (let run = missing.take(); run !== undefined; run = missing.take()) runs.push(run);
  return runs;
}

function listOf(sizes: readonly number[]): ChunkList {
  const packed = new Uint8Array(sizes.length * 35);
  for (const [index, size] of sizes.entries()) packChunk(packed, index, { size, hash: new Uint8Array(32) });
  return new ChunkList(packed);
}

/** Of which all chunks count. */
function missingOf(list: ChunkList): MissingChunks {
  const missing = new MissingChunks(list);
  missing.grow(list.count);
  return missing;
}
