import { readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { codeOf } from '../base/coded-error.ts';
import type { DiskFile } from './disk/disk-file.ts';
import { ServerError } from './server-error.ts';

/**
 * Where an open file or folder really lies.
 *
 * @param path it was opened by; looked at again where the system cannot tell by the descriptor
 */
export async function realPathOf(descriptor: number, path: string): Promise<string> {
  try {
    // Answered from memory: cheaper than the way through a thread.
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return realpath(path);
  }
}

// Larger pieces are not faster, smaller ones cost a thread's turn each.
const READ_BYTES = 256 * 1024;

const NONE = Buffer.alloc(0);

/**
 * The content of an open file from a place up to, but without, another.
 *
 * A piece is good until the next one is asked for: two buffers take turns. With a buffer for each piece most of the time went
 * into getting memory from the system and giving it back.
 *
 * @throws ServerError E_BUSY when the file has become too short for that: what was sent is no content it ever had
 */
export async function* contentFrom(file: DiskFile, start: number, end: number): AsyncGenerator<Buffer> {
  const size = Math.min(READ_BYTES, end - start);
  let [filling, sending] = [Buffer.allocUnsafe(size), NONE];
  for (let reading = file.read(filling, start), position = start; position < end; ) {
    const bytes = await reading;
    if (bytes === 0) throw new ServerError('E_BUSY', 'The file was changed while it was sent', { retry: true });
    position += bytes;
    const piece = filling.subarray(0, bytes);
    // The next one is fetched while this one is sent. A failure is told when its turn comes, if it does.
    if (position < end) {
      [filling, sending] = [sending.length > 0 ? sending : Buffer.allocUnsafe(size), filling];
      reading = file.read(filling.subarray(0, end - position), position);
      reading.catch(() => undefined);
    }
    yield piece;
  }
}
