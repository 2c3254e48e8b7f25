import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type CutRules, cutRulesFor } from '../../../lib/share/chunks/cut-rules.ts';
import { Cutter } from '../../../lib/share/chunks/cutter.ts';
import { gear } from '../../../lib/share/chunks/gear.ts';
import { seededBytes } from '../../support/seeded-bytes.ts';

// The rules of a small world, so that a content of some hundred bytes has chunks.
const SMALL: CutRules = { min: 64, average: 128, max: 512 };

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Where chunks end, but for the last one, of a content that comes in such pieces. */
function cutsOf(rules: CutRules, pieces: readonly Uint8Array[]): number[] {
  const cutter = new Cutter(rules);
  const cuts: number[] = [];
  let before = 0;
  for (const piece of pieces) {
    for (let next = cutter.cut(piece, 0); next >= 0; next = cutter.cut(piece, next)) cuts.push(before + next);
    before += piece.length;
  }
  return cuts;
}

/** The same, byte by byte, as the protocol has it. */
function plainCutsOf({ min, average, max }: CutRules, bytes: Uint8Array): number[] {
  const cuts: number[] = [];
  let hash = 0;
  let start = 0;
  for (const [at, byte] of bytes.entries()) {
    hash = ((hash << 1) + (gear[byte] ?? 0)) | 0;
    const length = at + 1 - start;
    const bits = Math.log2(average) - (length < average ? 0 : 2);
    if (length < min || (length < max && hash >>> (32 - bits) !== 0)) continue;
    cuts.push(at + 1);
    start = at + 1;
  }
  return cuts;
}

function sizesOf(bytes: Uint8Array, cuts: readonly number[]): number[] {
  return [...cuts, bytes.length].map((cut, index) => cut - (cuts[index - 1] ?? 0));
}

function hashesOf(bytes: Uint8Array, cuts: readonly number[]): string[] {
  return [...cuts, bytes.length].map((cut, index) =>
    createHash('sha256')
      .update(bytes.subarray(cuts[index - 1] ?? 0, cut))
      .digest('hex'),
  );
}

function slicesOf(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const slices: Uint8Array[] = [];
  let from = 0;
  for (const length of lengths) {
    slices.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...slices, bytes.subarray(from)];
}

const random = fc.record({ seed: fc.nat(), size: fc.integer({ min: 0, max: 6000 }) });
// Bytes of few values and long runs: cuts that come at once, or never.
const dull = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 700 })), { maxLength: 12 });
const contents = fc.oneof(
  random.map(({ seed, size }) => seededBytes(seed, size)),
  dull.map((runs) => Uint8Array.from(runs.flatMap(([value, count]) => new Array<number>(count).fill(value)))),
);

function expectOf<Values>(
  values: fc.Arbitrary<Values>,
  rules: fc.Parameters<[Values]>,
  law: (value: Values) => boolean,
): void {
  const details = fc.check(fc.property(values, law), rules);
  expect(fc.defaultReportMessage(details) ?? 'it holds').toBe('it holds');
}

describe('Cutter', () => {
  it('cuts where the protocol says', () => {
    expectOf(contents, { numRuns: 300 }, (bytes) => `${cutsOf(SMALL, [bytes])}` === `${plainCutsOf(SMALL, bytes)}`);
    const bytes = seededBytes(3, 2 * MIB);
    const rules = cutRulesFor(bytes.length);
    expect(cutsOf(rules, [bytes])).toEqual(plainCutsOf(rules, bytes));
  });

  it('cuts at the same places in whatever pieces the content comes', () => {
    const pieces = fc.array(fc.nat({ max: 300 }), { maxLength: 60 });
    expectOf(fc.tuple(contents, pieces), { numRuns: 300 }, ([bytes, lengths]) => {
      return `${cutsOf(SMALL, slicesOf(bytes, lengths))}` === `${cutsOf(SMALL, [bytes])}`;
    });
  });

  it('makes chunks that are neither smaller nor larger than allowed, but for the last, and leaves nothing out', () => {
    expectOf(contents, { numRuns: 300 }, (bytes) => {
      const sizes = sizesOf(bytes, cutsOf(SMALL, [bytes]));
      const last = sizes.pop() ?? 0;
      const sum = sizes.reduce((before, size) => before + size, last);
      return sum === bytes.length && last < SMALL.max + 1 && sizes.every((size) => size >= 64 && size <= 512);
    });
  });

  it('makes chunks of about the average', () => {
    const bytes = seededBytes(4, 16 * MIB);
    const { length } = cutsOf(cutRulesFor(bytes.length), [bytes]);
    expect(16 * 1024).toBeGreaterThan(60 * length);
    expect(16 * 1024).toBeLessThan(75 * length);
  });

  it('leaves all but a few chunks as they were when something is inserted', () => {
    const bytes = seededBytes(5, 2 * MIB);
    const rules = cutRulesFor(bytes.length);
    const before = new Set(hashesOf(bytes, cutsOf(rules, [bytes])));
    const places = fc.record({ at: fc.nat({ max: bytes.length }), count: fc.integer({ min: 1, max: 10_000 }) });
    // Where the old cuts are met again is a matter of chance: always the same ones are tried.
    expectOf(places, { numRuns: 40, seed: 1 }, ({ at, count }) => {
      const longer = Buffer.concat([bytes.subarray(0, at), seededBytes(count, count), bytes.subarray(at)]);
      const fresh = hashesOf(longer, cutsOf(rules, [longer])).filter((hash) => !before.has(hash));
      return fresh.length <= 3 + Math.ceil(count / rules.min);
    });
  });

  it('cuts a content of one value alone at the largest size', () => {
    expect(cutsOf(SMALL, [new Uint8Array(1500)])).toEqual([512, 1024]);
  });

  it('never changes: peers of other versions have to cut at the same places', () => {
    expect(createHash('sha256').update(gear.toString()).digest('hex')).toBe(
      '4c8b79f5b938e40d10d41c69b82639b351a72298e000ca3b98f94e6b593136a2',
    );
    const bytes = seededBytes(1, MIB);
    expect(cutsOf(cutRulesFor(bytes.length), [bytes])).toEqual([
      105385, 177185, 256475, 323707, 366849, 451510, 491824, 530309, 607339, 656113, 728937, 763737, 904059, 984313,
    ]);
  });
});

describe('the rules for cutting a file', () => {
  it('are for 64 KiB, and for twice as much as often as it takes never to have more than 100,000 chunks', () => {
    const most = 32 * 1024 * 100_000;
    const averages = [1, most, most + 1, 2 * most, 2 * most + 1, 8 * most].map((size) => cutRulesFor(size).average);
    expect(averages).toEqual([64, 64, 128, 128, 256, 512].map((kib) => kib * 1024));
    expect(cutRulesFor(GIB)).toEqual({ min: 32 * 1024, average: 64 * 1024, max: 256 * 1024 });
  });

  it('never allow a chunk of more than 1 MiB', () => {
    expect(cutRulesFor(Number.MAX_SAFE_INTEGER)).toEqual({ min: 256 * 1024, average: 512 * 1024, max: MIB });
  });
});
