import { seededRandom } from './seeded-random.ts';

/** Bytes that look random, and are the same for the same seed. */
export function seededBytes(seed: number, count: number): Uint8Array {
  const random = seededRandom(seed);
  const words = new Uint32Array(Math.ceil(count / 4));
  for (let at = 0; at < words.length; at += 1) words[at] = random.integer(2 ** 32);
  return new Uint8Array(words.buffer, 0, count);
}
