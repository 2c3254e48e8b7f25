import type { Uploaded } from '../transfer/transport.ts';
import { replyError } from './far-error.ts';
import { done } from './far-reply.ts';
import type { FileSource } from './file-source.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { temporaryPath } from './temporary-name.ts';
import type { BrokenAt, BrokenTry } from './transfer-jobs.ts';

/** The tries that broke off, by the absolute far path that the file was to have. */
export type BrokenTries = Map<string, BrokenTry>;

/** Absolute far paths that the sending of a file has to do with. */
export interface ShipmentPaths {
  readonly temporary: string;
  /** Where the file goes that is there before, when the server does not rename onto it. */
  readonly aside: string;
  readonly final: string;
}

// No file has it: under the temporary name of this version the one that was there steps aside.
const NO_VERSION = { size: -1, mtimeMs: 0 };

/** Where a version of a file goes. @param path below the far root */
export function shipmentPaths(
  connection: FtpConnection,
  pairId: string,
  path: string,
  version: Uploaded,
): ShipmentPaths {
  return {
    temporary: connection.absolute(temporaryPath(pairId, path, version)),
    // Rarely needed, and dear beside the rest of a small file.
    get aside() {
      return connection.absolute(temporaryPath(pairId, path, NO_VERSION));
    },
    final: connection.absolute(path),
  };
}

/** One try to send a file under a temporary name. */
export class Shipment implements ShipmentPaths {
  readonly source: FileSource;
  readonly temporary: string;
  readonly final: string;
  readonly #paths: ShipmentPaths;
  readonly #tries: BrokenTries;
  #before: BrokenAt | undefined;

  constructor(source: FileSource, paths: ShipmentPaths, tries: BrokenTries) {
    this.source = source;
    this.temporary = paths.temporary;
    this.final = paths.final;
    this.#paths = paths;
    this.#tries = tries;
  }

  get aside(): string {
    return this.#paths.aside;
  }

  /** How far the try before got; `undefined` when there was none, or none that is remembered. */
  get before(): BrokenAt | undefined {
    return this.#before;
  }

  /**
   * Recall the try before. What one of another version of the file has left is removed.
   *
   * @throws TransferError when that cannot be removed and has the name of this one: it would be taken for a part of it
   */
  async recall(connection: FtpConnection): Promise<void> {
    const before = this.#tries.get(this.final);
    if (!before) return;
    const { temporary, identity, at } = before;
    if (temporary === this.temporary && identity === this.source.identity) {
      this.#before = at;
      return;
    }
    const [removed, size] = await connection.flight([`DELE ${temporary}`, `SIZE ${temporary}`]);
    if (temporary === this.temporary && removed && !done(removed) && size?.code !== 550) {
      throw replyError(`Cannot remove what was sent of ${this.final} with another content`, removed);
    }
    this.forget();
  }

  /** From now on it would break off here. */
  reaches(at: BrokenAt): void {
    this.#tries.set(this.final, { temporary: this.temporary, identity: this.source.identity, at });
  }

  /** Nothing is left of it, or it is done. */
  forget(): void {
    this.#tries.delete(this.final);
  }
}
