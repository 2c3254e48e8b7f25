import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { encodeMessage } from '../wire/encode-message.ts';
import type { ByeReason } from '../wire/message.ts';

// Long enough for a line to the other side of the world; who stops the program does not wait noticeably.
const LINGER_MS = 500;

/**
 * Say why, and end a connection.
 *
 * What still comes is read and thrown away: a connection that is closed with something unread is reset, and the reset takes
 * the last message from the other side before it was read.
 *
 * @returns when the connection is closed, half a second later at most
 */
export function farewell(socket: Socket, reason: ByeReason, text: string, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const cancel = clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      resolve();
    });
    socket.removeAllListeners('data');
    socket.resume();
    for (const part of encodeMessage({ kind: 'bye', reason, text })) socket.write(part);
    socket.end();
  });
}
