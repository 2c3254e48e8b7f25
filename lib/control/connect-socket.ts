import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { codeOf } from '../base/coded-error.ts';
import { ControlError } from './control-error.ts';
import { socketAddress } from './socket-address.ts';

// Nobody listens: no process was ever there, or one was killed and left its socket.
const NOBODY: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR']);

/**
 * Connect to a control socket.
 *
 * @param path absolute
 * @returns `undefined` when nobody listens there
 * @throws ControlError E_CONTROL
 */
export async function connectSocket(path: string): Promise<Socket | undefined> {
  try {
    const address = socketAddress(path);
    try {
      const socket = connect({ path: address.path });
      // A connection that breaks later is noticed by whoever waits for a line.
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    } finally {
      address.release();
    }
  } catch (cause) {
    if (NOBODY.has(codeOf(cause))) return undefined;
    if (cause instanceof ControlError) throw cause;
    const may = codeOf(cause) === 'EACCES' ? ': only its owner may use it' : '';
    const message = `Cannot use the control socket ${path} (${codeOf(cause) ?? String(cause)})${may}`;
    throw new ControlError('E_CONTROL', message, { cause });
  }
}
