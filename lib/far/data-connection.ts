import { connect as connectSocket, isIPv6, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { FTPContext } from 'basic-ftp';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { TransferError } from '../transfer/transfer-error.ts';

/**
 * Open a data connection to a port that the server told, and make it the one of the next transfer.
 *
 * It goes to the host of the control connection, whatever address the server told besides: behind an address translation
 * that would be one nobody can reach, and with a malicious server any machine of our own network (FTP bounce).
 *
 * Over TLS it takes up the session of the control connection, as many servers demand. The handshake may still go on when
 * this returns: some servers begin theirs only with the transfer.
 *
 * @throws TransferError E_DATA: the control connection is still good, and nothing was begun
 */
export async function openDataConnection(ftp: FTPContext, port: number, timeoutMs: number): Promise<void> {
  const { remoteAddress: host } = ftp.socket;
  if (host === undefined) throw new TransferError('E_LOST', 'The control connection is closed', { retry: true });
  const socket = await connected(host, port, timeoutMs);
  // Nobody else would close it: the library looks at its data connection only while it closes.
  if (ftp.closed) socket.destroy();
  else ftp.dataSocket = ftp.socket instanceof TLSSocket ? secured(ftp, ftp.socket, socket) : socket;
}

function connected(host: string, port: number, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port });
    const fail = (error: TransferError) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(noData(host, port, `did not answer within ${timeoutMs / 1000} s`)));
    socket.once('error', (error) => fail(unreachable(host, port, error)));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error').removeAllListeners('timeout');
      resolve(socket);
    });
  });
}

/** A data connection in TLS over a socket that may still be connecting; what it shows has to be looked at. */
export function secured(ftp: FTPContext, control: TLSSocket, socket: Socket): TLSSocket {
  const session = ftp.tlsSessionStore ?? control.getSession();
  const data = connectTls({ ...ftp.tlsOptions, socket, ...(session ? { session } : {}) });
  // With TLS 1.3 a ticket is good for one connection: the next takes the one that came with this.
  data.on('session', (fresh) => {
    ftp.tlsSessionStore = fresh;
  });
  return data;
}

/** Nobody answers where the server told us to go. */
export function unreachable(host: string, port: number, cause: unknown): TransferError {
  return noData(host, port, `cannot be reached (${codeOf(cause) ?? messageOf(cause)})`, cause);
}

function noData(host: string, port: number, what: string, cause?: unknown): TransferError {
  const place = isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
  return new TransferError('E_DATA', `No data connection: ${place} ${what}`, { retry: true, cause });
}
