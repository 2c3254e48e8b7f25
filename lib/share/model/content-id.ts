import { createHash, type Hash } from 'node:crypto';
import type { ContentId } from './entry.ts';

// What is hashed begins with what it is, as in RFC 6962 section 2.1. A file whose bytes are the list of the chunks of another one
// would have the id of that one otherwise: no prefix of lists alone could keep it from beginning with it as well.
const OF_CHUNK = Buffer.of(0);
const OF_LIST = Buffer.of(1);

/** The hash of a chunk, of which the bytes are still to come. */
export function beginChunkHash(): Hash {
  return createHash('sha256').update(OF_CHUNK);
}

/** The hash of a chunk: 32 bytes. */
export function hashOfChunk(bytes: Uint8Array): Buffer {
  return beginChunkHash().update(bytes).digest();
}

/** What a content of one chunk, or of none, is known by. */
export function idOfChunk(bytes: Uint8Array): ContentId {
  return beginChunkHash().update(bytes).digest('hex');
}

/** What a content of several chunks is known by. @param packed the list of its chunks */
export function idOfList(packed: Uint8Array): ContentId {
  return createHash('sha256').update(OF_LIST).update(packed).digest('hex');
}
