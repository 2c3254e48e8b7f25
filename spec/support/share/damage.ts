import { readFileSync } from 'node:fs';
import { wholeOf } from '../../../lib/share/chunks/chunk-list.ts';
import { Chunker } from '../../../lib/share/chunks/chunker.ts';
import type { ShareScene } from './share-scene.ts';

/** What was done to a file on its way. */
export interface Damage {
  /** Bytes that were changed. */
  readonly flips: number;
  /** The sizes of the chunks in which they are, together. */
  readonly damagedBytes: number;
}

// Random bytes are found in one place only; the last of them is the one that is changed.
const WINDOW = 16;

/**
 * Turn over a bit in every so many bytes of a file that passes between two peers, never twice in the same chunk, and nothing
 * else: the peers must not encrypt, and the file must be random.
 *
 * @param path of the file, which is read before it is on its way
 * @returns tells what was done so far
 */
export function damageOnTheWay(scene: ShareScene, path: string, every: number): () => Damage {
  const bytes = readFileSync(path);
  const ends = chunkEnds(bytes);
  const damaged = new Map<number, number>();
  let [flips, sinceLast] = [0, 0];
  const damage = (piece: Buffer): Buffer => {
    sinceLast += piece.length;
    if (sinceLast < every || piece.length < 2 * WINDOW) return piece;
    const found = bytes.indexOf(piece.subarray(-WINDOW));
    const offset = found + WINDOW - 1;
    const chunk = ends.findIndex((end) => offset < end);
    if (found < 0 || damaged.has(chunk)) return piece;
    const changed = Buffer.from(piece);
    changed.writeUInt8(changed.readUInt8(piece.length - 1) ^ 1, piece.length - 1);
    damaged.set(chunk, (ends[chunk] ?? 0) - (ends[chunk - 1] ?? 0));
    [flips, sinceLast] = [flips + 1, 0];
    return changed;
  };
  for (const proxy of scene.proxies()) proxy.meddle(damage);
  return () => ({ flips, damagedBytes: [...damaged.values()].reduce((sum, size) => sum + size, 0) });
}

/** Where the chunks of a content end. */
function chunkEnds(bytes: Buffer): readonly number[] {
  const chunker = new Chunker(bytes.length);
  chunker.write(bytes);
  const list = wholeOf({ ...chunker.end(), type: 'file', mtimeMs: 0, isExecutable: false });
  return Array.from({ length: list.count }, (_, index) => list.offsetOf(index) + list.sizeOf(index));
}
