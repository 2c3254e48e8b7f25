import { connect as connectSocket, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FTPContext } from 'basic-ftp';
import { secured, unreachable } from './data-connection.ts';
import { tlsProblem } from './tls-problem.ts';
import type { TlsTrust } from './tls-trust.ts';

/** What a {@link DataSending} works with. */
export interface DataSurroundings {
  readonly ftp: FTPContext;
  readonly trust: TlsTrust;
  /** Told when the server will not answer any more, or must not be listened to. */
  readonly fail: (error: Error) => void;
}

/**
 * The content of one file on its way through a data connection of its own, begun without waiting until the server says that
 * it is ready.
 *
 * What becomes of it the control connection tells: a data connection that breaks is not told of, unless it was never there,
 * or leads to somebody else.
 */
export class DataSending {
  readonly #socket: Socket;

  /** @param port on the host of the control connection */
  constructor(port: number, content: Buffer, { ftp, trust, fail }: DataSurroundings) {
    const { remoteAddress: host = '' } = ftp.socket;
    const socket = connectSocket({ host, port });
    let isThere = false;
    socket.once('connect', () => {
      isThere = true;
    });
    socket.on('error', (error) => {
      if (!isThere) fail(unreachable(host, port, error));
    });
    this.#socket =
      ftp.socket instanceof TLSSocket
        ? sendSecured(secured(ftp, ftp.socket, socket), content, { trust, fail })
        : socket.end(content);
    // Nothing comes, but only who reads sees the end.
    this.#socket.resume();
  }

  /** A server that refuses to store a file leaves its data connection to us, and some never close it. */
  destroy(): void {
    this.#socket.destroy();
  }
}

function sendSecured(
  socket: TLSSocket,
  content: Buffer,
  { trust, fail }: Pick<DataSurroundings, 'trust' | 'fail'>,
): TLSSocket {
  socket.on('error', (error) => {
    if (tlsProblem(error) !== undefined) fail(error);
  });
  return socket.once('secureConnect', () => {
    try {
      trust.assertTrusted(socket);
      // Our last word of the handshake may still lie in a buffer, and the end of an empty file would cut it off.
      socket.write('', () => socket.end(content));
    } catch (error) {
      fail(error as Error);
    }
  });
}
