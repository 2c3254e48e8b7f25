import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createBrotliCompress } from 'node:zlib';
import { knownCodecs, pack, unpack } from '../../../lib/share/transfer/packing.ts';

const MIB = 2 ** 20;

describe('Packed bytes of a peer', () => {
  for (const codec of knownCodecs) {
    it(`come back as they were (${codec})`, async () => {
      const bytes = Buffer.alloc(MIB, 'some text; ');
      const packed = await pack(codec, bytes);
      expect(packed.length).toBeLessThan(MIB / 10);
      expect(Buffer.compare((await unpack(codec, packed, MIB)) ?? Buffer.of(), bytes)).toBe(0);
    });

    it(`are none where they were damaged, or are more or less than was said (${codec})`, async () => {
      const packed = await pack(codec, Buffer.alloc(1000));
      expect(await unpack(codec, packed, 999)).toBeUndefined();
      expect(await unpack(codec, packed, 1001)).toBeUndefined();
      expect(await unpack(codec, packed.subarray(0, 5), 1000)).toBeUndefined();
      expect(await unpack(codec, Buffer.alloc(100, 255), 1000)).toBeUndefined();
    });
  }

  it('take no more memory than was said, whatever they would become', async () => {
    const bomb = await bombOf(512);
    expect(bomb.length).toBeLessThan(MIB);
    const before = process.resourceUsage().maxRSS;
    expect(await unpack('brotli', bomb, MIB)).toBeUndefined();
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(128 * 1024);
  });
});

/** So many MiB of zeros, packed. */
async function bombOf(count: number): Promise<Buffer> {
  const zeros = Buffer.alloc(MIB);
  const packing = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  Readable.from(Array.from({ length: count }, () => zeros)).pipe(packing);
  const packed = buffer(packing);
  await once(packing, 'end');
  return packed;
}
