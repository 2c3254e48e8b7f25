import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { ServerError } from './server-error.ts';

/** How long a handshake may take, and what ends it early. */
export interface HandshakePatience {
  readonly clock: Clock;
  readonly ms: number;
  readonly signal: AbortSignal;
}

/**
 * Begin TLS on a connection, as its server.
 *
 * @returns the connection to be used from now on; whoever destroys it destroys the plain one
 * @throws Error of the TLS library, or one that tells that time is over; ServerError E_ABORTED after the signal, unless the
 *   connection was over before; it is destroyed in each case
 */
export async function startTls(
  plain: Socket,
  secureContext: SecureContext,
  { clock, ms, signal }: HandshakePatience,
): Promise<TLSSocket> {
  // Whoever asks for another protocol by ALPN is refused: it was led here by somebody (ALPACA, CVE-2021-3618).
  const socket = new TLSSocket(plain, { isServer: true, secureContext, ALPNProtocols: ['ftp'] });
  const settled = new AbortController();
  const settle = () => settled.abort();
  let isSecure = false;
  let failure = new Error('The TLS handshake was not finished in time');
  socket.once('secure', () => {
    isSecure = true;
    settle();
  });
  socket.on('error', (error: Error & { readonly reason?: string }) => {
    // The library's own text is long, and tells of its source files.
    failure = error.reason === undefined ? error : new Error(error.reason, { cause: error });
    socket.destroy();
  });
  // The connection is half open: it would be kept for a client that cannot go on.
  socket.once('end', () => {
    failure = new Error('The client has closed the connection');
    settle();
  });
  socket.once('close', settle);
  signal.addEventListener('abort', settle, { once: true });
  if (!signal.aborted) await clock.wait(ms, settled.signal);
  signal.removeEventListener('abort', settle);
  if (isSecure && !signal.aborted) return socket;
  // A connection that closes ends its session, too.
  const isOver = plain.destroyed || socket.destroyed;
  socket.destroy();
  if (signal.aborted && !isOver) throw new ServerError('E_ABORTED', 'The session has ended');
  throw failure;
}
