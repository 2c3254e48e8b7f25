import { readlinkSync } from 'node:fs';
import { type FileHandle, realpath } from 'node:fs/promises';
import { codeOf } from '../base/coded-error.ts';
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
export async function* contentFrom(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  const length = Math.max(1, Math.min(end - start, READ_BYTES));
  // A fresh piece each time: the one before may still be on its way out.
  const read = (position: number) => {
    const wanted = Math.max(0, Math.min(length, end - position));
    return file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
  };
  let reading = read(start);
  for (let position = start; ; ) {
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0) {
      if (position < end) throw new ServerError('E_BUSY', 'The file was changed while it was sent', { retry: true });
      return;
    }
    position += bytesRead;
    // The next one is fetched while this one is sent. A failure is told when its turn comes, if it does.
    reading = read(position);
    reading.catch(() => undefined);
    yield buffer.subarray(0, bytesRead);
  }
}
