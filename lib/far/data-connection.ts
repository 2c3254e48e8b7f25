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
    const fail = (why: string, cause?: unknown) => {
      socket.destroy();
      reject(dataError(`${isIPv6(host) ? `[${host}]` : host}:${port} ${why}`, cause));
    };
    socket.setTimeout(timeoutMs, () => fail(`did not answer within ${timeoutMs / 1000} s`));
    socket.once('error', (error) => fail(`cannot be reached (${codeOf(error) ?? messageOf(error)})`, error));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error').removeAllListeners('timeout');
      resolve(socket);
    });
  });
}

function secured(ftp: FTPContext, control: TLSSocket, socket: Socket): TLSSocket {
  const session = ftp.tlsSessionStore ?? control.getSession();
  const data = connectTls({ ...ftp.tlsOptions, socket, ...(session ? { session } : {}) });
  // With TLS 1.3 a ticket is good for one connection: the next takes the one that came with this.
  data.on('session', (fresh) => {
    ftp.tlsSessionStore = fresh;
  });
  return data;
}

function dataError(what: string, cause: unknown): TransferError {
  return new TransferError('E_DATA', `No data connection: ${what}`, { retry: true, cause });
}
