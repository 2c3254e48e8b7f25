import { connect, type Socket } from 'node:net';
import type { DataAddress } from '../ftp/address.ts';

/**
 * Connect to a port of the client (RFC 959 section 3.3).
 *
 * Not from port 20, as the standard has it: only root may, and a firewall that lets everything from there through is no
 * protection.
 *
 * @param localAddress the server's end of the control connection, which the client's firewall knows
 * @returns the connection, the caller's from then on; `undefined` when it is refused, or after the signal
 */
export async function callClient(
  { address, port }: DataAddress,
  localAddress: string,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  if (signal.aborted) return undefined;
  const socket = connect({ host: address, port, localAddress, allowHalfOpen: true });
  socket.on('error', () => socket.destroy());
  const isConnected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  if (isConnected) return socket;
  socket.destroy();
  return undefined;
}
