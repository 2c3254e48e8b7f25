import { wireLimits } from './limits.ts';
import { notAllowed } from './wire-error.ts';

/** Bytes of a chunk in a packed list: its size in three, its hash. */
export const CHUNK_RECORD_BYTES = 35;

/**
 * Look at a packed list of chunks.
 *
 * @returns the bytes of all chunks together
 * @throws WireError E_PROTOCOL where it is none, or a chunk is empty or too large
 */
export function sizeOfChunks(list: Buffer): number {
  if (list.length % CHUNK_RECORD_BYTES !== 0) throw notAllowed('A list of chunks ends within one');
  if (list.length > wireLimits.chunks * CHUNK_RECORD_BYTES) throw notAllowed('A list of chunks is too long');
  let size = 0;
  for (let at = 0; at < list.length; at += CHUNK_RECORD_BYTES) {
    const chunk = list.readUIntBE(at, 3);
    if (chunk === 0) throw notAllowed('A chunk is empty');
    if (chunk > wireLimits.chunkBytes) throw notAllowed('A chunk is too large');
    size += chunk;
  }
  return size;
}
