import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Codec } from '../wire/message.ts';

type Packed = Exclude<Codec, 'none'>;

/** A way of making bytes fewer, and of getting them back. */
interface Packing {
  readonly pack: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** @throws an error of zlib, also where there is more than `size` */
  readonly unpack: (bytes: Uint8Array, size: number) => Promise<Uint8Array>;
}

// Of twelve the fastest but one: it is to keep up with the line, and what it saves beyond the first step is little.
const BROTLI_QUALITY = 1;

const brotliCompress = promisify(zlib.brotliCompress);
const brotliDecompress = promisify(zlib.brotliDecompress);

const brotli: Packing = {
  pack: (bytes) =>
    brotliCompress(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  unpack: (bytes, size) => brotliDecompress(bytes, { maxOutputLength: size }),
};

const packings: ReadonlyMap<Codec, Packing> = new Map<Packed, Packing>([['brotli', brotli], ...zstdWhereThere()]);

/** The packings that this Node.js knows, the best one first. */
export const knownCodecs: readonly Packed[] = [...packings.keys()].reverse() as readonly Packed[];

/** The best packing that both sides know. */
export function commonCodec(others: readonly Codec[]): Packed | undefined {
  return knownCodecs.find((codec) => others.includes(codec));
}

/** Make bytes fewer, if that can be done. */
export async function pack(codec: Packed, bytes: Uint8Array): Promise<Uint8Array> {
  return (await packings.get(codec)?.pack(bytes)) ?? bytes;
}

/**
 * Get packed bytes back.
 *
 * @returns `undefined` when they are damaged, or not as many as they should be
 */
export async function unpack(codec: Codec, bytes: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  if (codec === 'none') return bytes;
  try {
    const unpacked = await packings.get(codec)?.unpack(bytes, size);
    return unpacked?.length === size ? unpacked : undefined;
  } catch {
    // Whatever zlib says of it: it is not what was packed.
    return undefined;
  }
}

type Coder = (bytes: Uint8Array, options?: object) => Promise<Uint8Array>;

/** In Node.js 22.15 and later. */
function zstdWhereThere(): readonly (readonly [Packed, Packing])[] {
  const { zstdCompress, zstdDecompress } = zlib as unknown as Partial<Record<string, Parameters<typeof promisify>[0]>>;
  if (zstdCompress === undefined || zstdDecompress === undefined) return [];
  const compress = promisify(zstdCompress) as Coder;
  const decompress = promisify(zstdDecompress) as Coder;
  return [
    [
      'zstd',
      { pack: (bytes) => compress(bytes), unpack: (bytes, size) => decompress(bytes, { maxOutputLength: size }) },
    ],
  ];
}
