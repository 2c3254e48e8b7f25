import { lstatSync, mkdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { mtimeOf } from '../files/file.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Transport, Upload, Uploaded } from '../transfer/transport.ts';
import { UNKNOWN_TIME } from './far-view.ts';
import type { Mover } from './run-plan.ts';

/**
 * The near folder as the side that changes: what a plan wants sent there is fetched, and all else is done on the disk.
 *
 * No way leads through a link: where something else than a folder is in the place of one, nothing is put there.
 */
export class NearMover implements Mover {
  readonly #transport: Transport;
  readonly #root: string;

  /** @param root absolute path of the near folder */
  constructor(transport: Transport, root: string) {
    this.#transport = transport;
    this.#root = root;
  }

  async mkdir(path: string): Promise<void> {
    await this.#change(path, (where) => {
      const there = statsOf(where);
      if (there === undefined) mkdirSync(where);
      else if (!there.isDirectory()) throw inTheWay(where, there);
    });
  }

  async rmdir(path: string): Promise<void> {
    await this.#change(path, (where) => {
      if (statsOf(where)) rmdirSync(where);
    });
  }

  async remove(path: string, known?: Uploaded): Promise<void> {
    await this.#change(path, (where) => {
      const there = statsOf(where);
      if (there === undefined) return;
      const isKnown = there.isFile() && (!known || (there.size === known.size && mtimeOf(there) === known.mtimeMs));
      if (!isKnown) throw new TransferError('E_OTHER_CONTENT', `${where} has changed since it was looked at`);
      unlinkSync(where);
    });
  }

  async upload({ path, size, mtimeMs }: Pick<Upload, 'path' | 'size' | 'mtimeMs'>): Promise<Uploaded> {
    const known = mtimeMs === UNKNOWN_TIME ? {} : { size, mtimeMs };
    const fetched = await this.#transport.download({ path, target: `${this.#root}/${path}`, ...known });
    return { size: fetched.size, mtimeMs: fetched.mtimeMs ?? mtimeMs };
  }

  disconnect(): Promise<void> {
    return this.#transport.disconnect();
  }

  async #change(path: string, work: (where: string) => void): Promise<void> {
    const where = `${this.#root}/${path}`;
    try {
      work(where);
    } catch (error) {
      throw error instanceof TransferError ? error : changeError(where, error);
    }
  }
}

function statsOf(where: string): Stats | undefined {
  return lstatSync(where, { throwIfNoEntry: false });
}

function inTheWay(where: string, stats: Stats): TransferError {
  const what = stats.isSymbolicLink() ? 'a symbolic link' : 'no folder';
  return new TransferError('E_TARGET', `Cannot make the folder ${where}: what is there is ${what}`);
}

function changeError(where: string, cause: unknown): TransferError {
  const code = codeOf(cause);
  // Some systems tell a folder that is not empty by EEXIST.
  if (code === 'ENOTEMPTY' || code === 'EEXIST') {
    return new TransferError('E_NOT_EMPTY', `${where} holds other entries`, { cause });
  }
  return new TransferError('E_TARGET', `Cannot change ${where}: ${code ?? messageOf(cause)}`, { cause });
}
