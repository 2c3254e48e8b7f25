import { chmodSync, lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import { ControlError } from './control-error.ts';
import { socketAddress } from './socket-address.ts';

/**
 * Let a server listen on a Unix socket that only its owner can use, in place of one that was left behind by a process which was
 * killed. To be called by whoever holds the lock of that folder.
 *
 * The socket is made in a folder that only its owner can enter, and gets its name when only he can use it: no moment is left
 * in which others could.
 *
 * @param path absolute; its folder is there
 * @returns takes the socket away, unless another one has the name by then
 * @throws ControlError E_CONTROL; the server is closed then
 */
export async function listenPrivately(server: Server, path: string): Promise<() => void> {
  let draft: string | undefined;
  try {
    draft = mkdtempSync(`${path}.`);
    const socket = join(draft, 's');
    await bind(server, socket);
    chmodSync(socket, 0o600);
    const { ino } = lstatSync(socket);
    renameSync(socket, path);
    return () => removeSocket(path, ino);
  } catch (cause) {
    server.close();
    if (cause instanceof ControlError) throw cause;
    throw new ControlError('E_CONTROL', `Cannot listen on ${path}: ${codeOf(cause) ?? String(cause)}`, { cause });
  } finally {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true });
  }
}

async function bind(server: Server, socket: string): Promise<void> {
  const address = socketAddress(socket);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: address.path }, () => {
        server.off('error', reject);
        // What comes later is a connection that could not be accepted (EMFILE): who asks sees it, the others go on.
        server.on('error', () => undefined);
        resolve();
      });
    });
  } finally {
    address.release();
  }
}

function removeSocket(path: string, ino: number): void {
  // What has the name now may be the socket of the next process.
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true });
}
