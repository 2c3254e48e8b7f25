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

/**
 * The content of an open file from a place up to, but without, another.
 *
 * @throws ServerError E_BUSY when the file has become too short for that: what was sent is no content it ever had
 */
export async function* contentFrom(file: DiskFile, start: number, end: number): AsyncGenerator<Buffer> {
  let reading = pieceOf(file, start, end);
  for (let position = start; position < end; ) {
    const piece = await reading;
    if (piece.length === 0) throw new ServerError('E_BUSY', 'The file was changed while it was sent', { retry: true });
    position += piece.length;
    // The next one is fetched while this one is sent. A failure is told when its turn comes, if it does.
    reading = pieceOf(file, position, end);
    reading.catch(() => undefined);
    yield piece;
  }
}

/** A fresh piece each time: the one before may still be on its way out. */
async function pieceOf(file: DiskFile, position: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(READ_BYTES, end - position)));
  return buffer.subarray(0, await file.read(buffer, position));
}
