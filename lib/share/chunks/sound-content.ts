import type { FileContent } from '../model/entry.ts';
import { ChunkList, PACKED_BYTES } from './chunk-list.ts';
import { cutRulesFor } from './cut-rules.ts';

/**
 * Do the size, the id and the chunks of a file agree? What somebody else says of a file must not be used before.
 *
 * No chunk may be larger than those that are cut here: room is made for a whole one.
 */
export function isSound({ size, id, chunks }: FileContent): boolean {
  const { max } = cutRulesFor(size);
  if (chunks === undefined) return size <= max;
  if (chunks.length % PACKED_BYTES !== 0) return false;
  const list = new ChunkList(chunks);
  if (list.count < 2) return false;
  for (let chunk = 0; chunk < list.count; chunk += 1) {
    const bytes = list.sizeOf(chunk);
    if (bytes === 0 || bytes > max) return false;
  }
  return list.size === size && list.id === id;
}
