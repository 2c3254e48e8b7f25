import { readlinkSync } from 'node:fs';
import { type FileHandle, realpath } from 'node:fs/promises';
import { codeOf } from '../base/coded-error.ts';

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

/** The content of an open file from a place on, to wherever its end is by then. */
export async function* contentFrom(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  const length = Math.max(1, Math.min(size - start, READ_BYTES));
  for (let position = start; ; ) {
    // A fresh piece each time: the one before may still be on its way out.
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
