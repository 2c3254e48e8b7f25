import type { Socket } from 'node:net';
import { assertEnded } from './assert-ended.ts';
import { ServerError } from './server-error.ts';

// The system gives 64 KiB at a time; more of them to a write cost less. Larger ones would gain little, and each upload holds
// about three times as much in memory when the disk is slow.
const MOST_BYTES = 512 * 1024;

/**
 * What comes over a connection, in pieces as large as they have grown while somebody was busy with the one before.
 *
 * @throws ServerError E_ABORTED, or the error of the connection, when that breaks; what came before is given out first
 */
export async function* gather(socket: Socket): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let hasEnded = false;
  let failure: Error | undefined;
  let hasClosed = socket.destroyed;
  let wake: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) socket.pause();
    wake();
  });
  socket.once('end', () => {
    hasEnded = true;
    wake();
  });
  socket.once('error', (error) => (failure = error));
  socket.once('close', () => {
    hasClosed = true;
    wake();
  });
  socket.resume();
  for (;;) {
    if (bytes > 0) {
      const [first = Buffer.alloc(0), ...more] = chunks;
      const piece = more.length === 0 ? first : Buffer.concat(chunks, bytes);
      chunks = [];
      bytes = 0;
      if (socket.isPaused()) socket.resume();
      yield piece;
    } else if (hasEnded) return assertEnded(socket);
    else if (failure !== undefined) throw failure;
    else if (hasClosed) throw new ServerError('E_ABORTED', 'Transfer aborted');
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
