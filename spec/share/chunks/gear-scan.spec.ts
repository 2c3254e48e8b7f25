import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import wabt from 'wabt';
import { gear } from '../../../lib/share/chunks/gear.ts';
import { type Range, type Scanned, scanGear } from '../../../lib/share/chunks/gear-scan.ts';
import { repository } from '../../documents/pages.ts';
import { seededBytes } from '../../support/seeded-bytes.ts';

/** The same, byte by byte. */
function plainScan(bytes: Uint8Array, { from, to, mask }: Range, before: number): Scanned {
  let hash = before;
  for (let at = from; at < to; at += 1) {
    hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
    if ((hash & mask) === 0) return { next: at + 1, hash };
  }
  return { next: -1, hash };
}

describe('scanGear', () => {
  // More than two and less than three times as many as there is room for at a time.
  const bytes = seededBytes(77, 600_000);

  it('finds what a plain loop finds, and has the same hash behind it', () => {
    const places = fc.tuple(fc.nat(bytes.length), fc.nat(bytes.length), fc.integer({ min: 4, max: 22 }), fc.integer());
    const property = fc.property(places, ([one, other, bits, hash]) => {
      const range = { from: Math.min(one, other), to: Math.max(one, other), mask: -1 << (32 - bits) };
      const [found, plain] = [scanGear(bytes, range, hash), plainScan(bytes, range, hash)];
      if (found.next !== plain.next || found.hash !== plain.hash) throw new Error(JSON.stringify({ found, plain }));
    });
    expect(fc.defaultReportMessage(fc.check(property, { numRuns: 300 })) ?? 'the same').toBe('the same');
  });

  it('goes on over the end of the room that there is at a time', () => {
    const range = { from: 100, to: bytes.length, mask: -1 };
    expect(scanGear(bytes, range, 7)).toEqual(plainScan(bytes, range, 7));
    expect(scanGear(bytes, range, 7).next).toBe(-1);
  });

  it('is made of the text that lies beside it', async () => {
    const text = readFileSync(join(repository, 'lib/share/chunks/gear-scan.wat'), 'utf8');
    const { buffer } = (await wabt()).parseWat('gear-scan.wat', text).toBinary({});
    const source = readFileSync(join(repository, 'lib/share/chunks/gear-scan.ts'), 'utf8');
    expect(/'(AGFzb\S+)';/.exec(source)?.[1]).toBe(Buffer.from(buffer).toString('base64'));
  });
});
