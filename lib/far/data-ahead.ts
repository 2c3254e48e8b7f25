import { connect as connectSocket, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FTPContext } from 'basic-ftp';
import { TransferError } from '../transfer/transfer-error.ts';
import { secured, unreachable } from './data-connection.ts';
import { tlsProblem } from './tls-problem.ts';
import type { TlsTrust } from './tls-trust.ts';

// A listing that is longer is none; the library draws the line at the same place.
const LONGEST_LISTING = 40 * 1024 * 1024;

/** What a data connection that is opened ahead works with. */
export interface DataSurroundings {
  readonly ftp: FTPContext;
  readonly trust: TlsTrust;
  /** Told when the server will not answer any more, or must not be listened to. */
  readonly fail: (error: Error) => void;
  /** Told of each socket: it is destroyed when all fails. */
  readonly keep: (socket: Socket) => void;
}

/**
 * Send the content of a file through a data connection of its own, without waiting until the server says that it is ready.
 *
 * What becomes of it the control connection tells: a data connection that breaks is not told of, unless it was never there,
 * or leads to somebody else.
 *
 * @param port on the host of the control connection
 * @returns to be destroyed when the server has answered: what it says there is of no interest, and when it refuses the file it
 *   may leave the end to us
 */
export function sendContent(port: number, content: Buffer, surroundings: DataSurroundings): Socket {
  return openAhead(port, surroundings, (ready) => ready.end(content));
}

/** Receive a listing, in the same way. @returns the socket, and the text once all of it is there */
export function receiveListing(
  port: number,
  surroundings: DataSurroundings,
): { readonly socket: Socket; readonly text: Promise<string> } {
  const { socket, content } = receiveContent(port, surroundings, LONGEST_LISTING);
  const text = content.then((bytes) => bytes.toString());
  text.catch(() => undefined);
  return { socket, text };
}

/**
 * Receive anything small, in the same way.
 *
 * @param most bytes that it may have
 * @returns the socket, and the content once all of it is there
 */
export function receiveContent(
  port: number,
  surroundings: DataSurroundings,
  most: number,
): { readonly socket: Socket; readonly content: Promise<Buffer> } {
  const socket = openAhead(port, surroundings, () => undefined);
  const content = new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      // The control connection is silent meanwhile, and that is no reason to give it up.
      surroundings.ftp.socket.setTimeout(surroundings.ftp.timeout);
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > most) socket.destroy(new TransferError('E_LOST', 'What comes does not end', { retry: true }));
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(chunks)));
    socket.on('close', () => reject(new TransferError('E_LOST', 'The data connection broke', { retry: true })));
  });
  // Whoever waits for it waits for the answer of the server first.
  content.catch(() => undefined);
  return { socket, content };
}

function openAhead(
  port: number,
  { ftp, trust, fail, keep }: DataSurroundings,
  onReady: (socket: Socket) => void,
): Socket {
  const { remoteAddress: host } = ftp.socket;
  // Without a host it would go to this machine.
  if (host === undefined) throw new TransferError('E_LOST', 'The control connection is closed', { retry: true });
  const socket = connectSocket({ host, port });
  keep(socket);
  let isThere = false;
  socket.once('connect', () => {
    isThere = true;
  });
  socket.on('error', (error) => {
    if (!isThere) fail(unreachable(host, port, error));
  });
  if (!(ftp.socket instanceof TLSSocket)) {
    onReady(socket);
    return socket;
  }
  const secure = secured(ftp, ftp.socket, socket);
  secure.on('error', (error) => {
    if (tlsProblem(error) !== undefined) fail(error);
  });
  return secure.once('secureConnect', () => {
    try {
      trust.assertTrusted(secure);
      // Our last word of the handshake may still lie in a buffer, and the end of an empty file would cut it off.
      secure.write('', () => onReady(secure));
    } catch (error) {
      // Nothing of what it says may be read.
      secure.destroy(error as Error);
      fail(error as Error);
    }
  });
}
