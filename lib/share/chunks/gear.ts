import { createHash } from 'node:crypto';

// A part of the protocol: with another word peers would cut everything elsewhere and have no chunk in common.
const WORD = 'left gear 1';

const WORDS_IN_DIGEST = 8;

/**
 * 256 random numbers of 32 bits, one for each value of a byte: the first 32 SHA-256 of a word and their number, one after
 * the other.
 */
export const gear: Int32Array = gearOf(WORD);

function gearOf(word: string): Int32Array {
  const table = new Int32Array(256);
  for (let at = 0; at < table.length; at += WORDS_IN_DIGEST) {
    const digest = createHash('sha256')
      .update(`${word} ${at / WORDS_IN_DIGEST}`)
      .digest();
    for (let n = 0; n < WORDS_IN_DIGEST; n += 1) table[at + n] = digest.readInt32BE(4 * n);
  }
  return table;
}
