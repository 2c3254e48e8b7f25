import type { Socket } from 'node:net';
import { messageOf } from '../base/coded-error.ts';
import type { CommandContext } from './command.ts';
import { ServerError } from './server-error.ts';
import { startTls } from './tls-socket.ts';

/** @throws ServerError E_UNPROTECTED when the server wants TLS and the client has not asked for it */
export function mustBeProtected({ tls, security }: CommandContext): void {
  if (!tls?.requireTls || security.protection === 'P') return;
  throw new ServerError('E_UNPROTECTED', 'Send PBSZ 0 and PROT P first');
}

/**
 * A data connection, protected as PROT says.
 *
 * The handshake comes behind 150, whoever has opened the connection, and never is the server the client of it (RFC 4217
 * section 7).
 *
 * @throws ServerError E_DATA_TLS, E_ABORTED; the connection is destroyed then
 */
export async function secureAsWanted(plain: Socket, context: CommandContext): Promise<Socket> {
  const { security, clock, limits, tls } = context;
  if (security.protection === 'C' || security.context === undefined) return plain;
  const { signal } = context;
  try {
    const socket = await startTls(plain, security.context, { clock, ms: limits.handshakeMs, signal });
    if (!tls?.requireSessionReuse || socket.isSessionReused()) return socket;
    socket.destroy();
    throw new ServerError('E_DATA_TLS', 'The data connection must take up the TLS session of the control connection');
  } catch (error) {
    if (signal.aborted) throw new ServerError('E_ABORTED', 'Transfer aborted');
    context.tellTlsFailure(messageOf(error));
    if (error instanceof ServerError) throw error;
    throw new ServerError('E_DATA_TLS', 'The TLS handshake of the data connection failed', { cause: error });
  }
}
