import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * The same content, but not a byte of it, and above all not its end, before the TLS handshake of the data connection.
 *
 * basic-ftp takes a socket that is to resume a session for one that is ready. What is written to it waits, but the end of
 * an empty file does not: it cuts the handshake off, and the server refuses the file (6.2.3 with vsftpd and ProFTPD).
 *
 * @param dataSocket tells the socket once the content is asked for
 */
export function afterHandshake(content: Readable, dataSocket: () => Socket | undefined): Readable {
  return Readable.from(waited(content, dataSocket), { objectMode: false });
}

async function* waited(content: Readable, dataSocket: () => Socket | undefined): AsyncGenerator<Buffer> {
  const socket = dataSocket();
  if (socket instanceof TLSSocket) await handshakeIsSent(socket);
  yield* content;
}

/** Our last word of the handshake may be said and still lie in a buffer: an empty write comes back when it has left. */
async function handshakeIsSent(socket: TLSSocket): Promise<void> {
  if (socket.getFinished() === undefined) await once(socket, 'secureConnect');
  await new Promise<void>((resolve, reject) => {
    socket.write('', (error) => (error ? reject(error) : resolve()));
  });
}
