import type { Socket } from 'node:net';

/**
 * Make sure that a connection has come to its end, and was not broken off.
 *
 * A reset that comes close behind bytes is told by libuv as an end, and an upload that lost its rest would be taken for a
 * whole one. A write of nothing is told what the system knows.
 *
 * @throws the system's error (ECONNRESET, EPIPE) for a connection that was broken off
 */
export function assertEnded(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => socket.write('', (error) => (error ? reject(error) : resolve())));
}
