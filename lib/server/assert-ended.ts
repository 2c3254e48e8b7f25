import type { Socket } from 'node:net';
import { ServerError } from './server-error.ts';

/**
 * Make sure that a connection has come to its end, and was not broken off.
 *
 * A reset that comes close behind bytes is told by libuv as an end, and an upload that lost its rest would be taken for a
 * whole one. A write of nothing is told what the system knows. Over TLS it is not, but who has reset has no port any more;
 * nobody may have asked for that before, since the socket would remember it.
 *
 * @throws ServerError E_ABORTED, or the system's error (ECONNRESET, EPIPE), for a connection that was broken off
 */
export async function assertEnded(socket: Socket): Promise<void> {
  if (socket.remotePort === undefined) throw new ServerError('E_ABORTED', 'Transfer aborted');
  await new Promise<void>((resolve, reject) => socket.write('', (error) => (error ? reject(error) : resolve())));
}
