import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** What Node's Socket keeps of the system's connection, and takes as an option: not documented. */
interface WithHandle {
  _handle?: object | null;
}

/** How the new socket is to be. */
export interface ReceivingOptions {
  /** Where what comes is put. */
  readonly onread: { readonly buffer: () => Buffer; readonly callback: (bytes: number, buffer: Uint8Array) => boolean };
  /** Nothing is received before it is resumed. */
  readonly pauseOnCreate?: boolean;
  readonly allowHalfOpen?: boolean;
}

/**
 * A socket for a connection that receives into buffers of ours.
 *
 * Node by itself asks the system for 64 KiB of memory at each read, and gives them back. It can receive into other buffers
 * (`onread`), but only over a connection that it makes itself, not over one that was accepted. So the handle of that one is
 * given to a socket that is made for it, and the one that was there is of no use any more.
 *
 * What the old one has received and not told yet is to be read from it afterwards.
 *
 * @returns `undefined` where there is no way: over TLS, and where the connection is gone
 */
export function receivingSocket(socket: Socket & WithHandle, options: ReceivingOptions): Socket | undefined {
  const handle = socket._handle;
  if (Object.getPrototypeOf(socket) !== Socket.prototype || socket.destroyed || !handle) return undefined;
  socket._handle = null;
  const onread: OnReadOpts = options.onread;
  return new Socket({ ...options, onread, handle } as SocketConstructorOpts);
}
