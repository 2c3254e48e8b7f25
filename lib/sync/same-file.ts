import type { FarEntry, Transport } from '../transfer/transport.ts';
import type { Version } from './pair-journal.ts';

/** Tells whether a far file is a near one, by size and time: its content is never read. */
export class SameFile {
  readonly #transport: Transport;
  #keepsTimes: Promise<boolean> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Equal in size, and in time to the second; where the far side cannot hold times, not older. */
  async is(path: string, near: Version, far: FarEntry): Promise<boolean> {
    if (far.kind !== 'file' || near.size !== far.size || far.mtimeMs === undefined) return false;
    // FTP carries whole seconds.
    const [nearSecond, farSecond] = [Math.floor(near.mtimeMs / 1000), Math.floor(far.mtimeMs / 1000)];
    if (nearSecond === farSecond) return true;
    if (farSecond < nearSecond) return false;
    this.#keepsTimes ??= this.#transport.keepsTimes(path, far.mtimeMs);
    return !(await this.#keepsTimes);
  }
}
