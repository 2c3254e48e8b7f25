import { randomFillSync } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../../support/seeded-random.ts';
import { logUniform } from './sources.ts';

/** A stretch of a file. */
export interface Stretch {
  readonly at: number;
  readonly bytes: number;
}

const KIB = 1024;

/** A thousandth of a file in one piece. */
export function contiguous(size: number): readonly Stretch[] {
  const bytes = Math.ceil(size / 1024);
  return [{ at: Math.floor(size * 0.4), bytes }];
}

/** A thousandth of it in pieces of 4 KiB, anywhere. */
export function scattered(size: number): readonly Stretch[] {
  return anywhere(size, { bytes: 4 * KIB, count: Math.ceil(size / 1024 / (4 * KIB)) });
}

/** A tenth of it in 64 pieces, anywhere. */
export function tenth(size: number): readonly Stretch[] {
  return anywhere(size, { bytes: Math.floor(size / 640), count: 64 });
}

/** Overwrite stretches of a file in its place. @returns does that; what is written is made before */
export function overwrite(path: string, stretches: readonly Stretch[]): () => void {
  const contents = stretches.map(({ at, bytes }) => ({ at, content: randomFillSync(Buffer.alloc(bytes)) }));
  return () => {
    const file = openSync(path, 'r+');
    for (const { at, content } of contents) writeSync(file, content, 0, content.length, at);
    closeSync(file);
  };
}

/** Put a thousandth of a file in front of it. @returns puts the new file, which is made before, in the place of the old one */
export function insertInFront(path: string, outside: string): () => void {
  const prepared = join(outside, 'prepared');
  // An odd number of bytes: no block of the old file is at a place where one was.
  writeFileSync(prepared, randomFillSync(Buffer.alloc(Math.ceil(statSync(path).size / 1024) + 1)));
  appendFileSync(prepared, readFileSync(path));
  return () => renameSync(prepared, path);
}

/** Small changes, one after the other: in turn a new file, and another content of a file that is there. */
export function* smallChanges(
  share: string,
  count: number,
): Generator<{ readonly name: string; readonly make: () => void }> {
  const random = seededRandom(3);
  const sizes = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const name = index % 2 === 0 ? `small-${index}` : `small-${random.integer((index + 1) / 2) * 2}`;
    const size = otherThan(sizes.get(name), random);
    sizes.set(name, size);
    const content = randomFillSync(Buffer.alloc(size));
    yield { name, make: () => writeFileSync(join(share, name), content) };
  }
}

/** By its size it is seen that a change has arrived, whatever the time of the file. */
function otherThan(size: number | undefined, random: SeededRandom): number {
  const other = Math.min(32 * KIB, logUniform(random));
  return other === size ? other - 1 : other;
}

function anywhere(
  size: number,
  { bytes, count }: { readonly bytes: number; readonly count: number },
): readonly Stretch[] {
  const random = seededRandom(4);
  return Array.from({ length: count }, () => ({ at: random.integer(size - bytes), bytes }));
}
