import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ControlError } from './control-error.ts';

// The field for the path in sockaddr_un, with the zero at its end: 108 bytes on Linux (unix(7)), 104 on the BSDs and macOS.
// Node cuts what is longer without a word.
const MOST_BYTES: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107 };
const MOST_BYTES_ELSEWHERE = 103;

/** A path by which a socket can be bound or reached, however deep its folder lies. */
export interface SocketAddress {
  readonly path: string;
  /** To be called when it was bound or reached: from then on the path is not needed. */
  readonly release: () => void;
}

/**
 * Find a path to a socket that fits into an address.
 *
 * On Linux a folder that is too deep is opened, and reached by the number of its descriptor.
 *
 * @param path absolute
 * @throws ControlError E_CONTROL when it is too long and there is no other way
 * @throws the system's error when the folder cannot be opened
 */
export function socketAddress(path: string, platform: NodeJS.Platform = process.platform): SocketAddress {
  const most = MOST_BYTES[platform] ?? MOST_BYTES_ELSEWHERE;
  if (Buffer.byteLength(path) <= most) return { path, release: () => undefined };
  if (platform !== 'linux') {
    const message = `The path of the control socket is longer than ${most} bytes, which this system does not allow: choose a data folder with a shorter path`;
    throw new ControlError('E_CONTROL', message);
  }
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: join('/proc/self/fd', String(folder), basename(path)), release: () => closeSync(folder) };
}
