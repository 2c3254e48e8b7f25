import type { BigIntStats } from 'node:fs';
import { countFiles } from '../../accounts/count-files.ts';
import { Turns } from '../../base/turns.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { FileLocks } from './file-locks.ts';

/** What a file that is being written counts for. */
export interface Occupied {
  /** The file, by `fileKey`. */
  readonly key: string;
  /** What it holds, or may hold with the next write. */
  bytes: number;
}

/**
 * What the files below one folder hold: counted from the disk when it is first asked for, so that no crash can leave a wrong
 * number behind, and kept from then on with everything that is done through the server.
 *
 * While the disk is counted nothing is renamed or removed and no file begins to be written; those that are being written
 * count for what their writers say.
 */
export class Space {
  readonly locks: FileLocks;
  readonly #root: string;
  readonly #closing: AbortSignal;
  readonly #writing = new Set<Occupied>();
  #usedBytes: number | undefined;
  /** Files were removed of which nobody knows whether they have gone: see {@link lost}. */
  #mayBeLess = false;
  #counting: Promise<number> | undefined;
  readonly #turns = new Turns();

  /** @param closing ends a count that is under way, with its reason */
  constructor(root: string, locks: FileLocks, closing: AbortSignal) {
    this.#root = root;
    this.locks = locks;
    this.#closing = closing;
  }

  /** Have they been counted, or are they just now? */
  get isCounted(): boolean {
    return this.#usedBytes !== undefined || this.#counting !== undefined;
  }

  /** @throws an error of the system when they cannot be counted; ServerError E_ABORTED after the signal */
  async usedBytes(signal?: AbortSignal): Promise<number> {
    const known = this.#mayBeLess ? undefined : this.#usedBytes;
    return known ?? unlessAborted(this.recount(), signal);
  }

  /** Is it known whether so many bytes more {@link fits}? Else {@link usedBytes} is to be asked before. */
  knowsWhether(bytes: number, quotaBytes: number): boolean {
    return this.#usedBytes !== undefined && (!this.#mayBeLess || this.fits(bytes, quotaBytes));
  }

  /** Do so many bytes more fit into a quota? */
  fits(bytes: number, quotaBytes: number): boolean {
    return (this.#usedBytes ?? 0) + bytes <= quotaBytes;
  }

  /** Count them anew: others may have changed what lies there. @throws an error of the system */
  recount(): Promise<number> {
    this.#counting ??= this.inTurn(() => this.#count()).finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  /**
   * Do something that renames or removes files: one after the other. In a turn nobody waits for a lock, since whoever has it
   * may wait for a turn.
   *
   * @throws what the work throws; ServerError E_ABORTED when the signal comes before its turn
   */
  inTurn<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    let begin: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => (begin = resolve));
    const done = unlessAborted(turn, signal).then(work);
    void this.#turns.take(() => {
      begin();
      return done.catch(() => undefined);
    });
    return done;
  }

  /** Fulfilled at the end of a count that is under way; `undefined` when there is none. */
  get counted(): Promise<unknown> | undefined {
    return this.#counting?.catch(() => undefined);
  }

  /** A file that holds so much, and counts for it, begins to be written. Not while {@link counted} says that a count is under way. */
  occupy(key: string, bytes: number): Occupied {
    const occupied = { key, bytes };
    this.#writing.add(occupied);
    return occupied;
  }

  /**
   * Let a file that is being written grow by so many bytes, or by as many as there are left.
   *
   * @param quotaBytes of a space that {@link knowsWhether} they fit
   * @returns how many it may
   */
  grow(occupied: Occupied, bytes: number, quotaBytes: number | undefined): number {
    const left = quotaBytes === undefined ? bytes : Math.max(0, quotaBytes - (this.#usedBytes ?? 0));
    const granted = Math.min(bytes, left);
    this.resize(occupied, occupied.bytes + granted);
    return granted;
  }

  resize(occupied: Occupied, bytes: number): void {
    this.#add(bytes - occupied.bytes);
    occupied.bytes = bytes;
  }

  /** A file is not written any more, and holds so much. */
  settle(occupied: Occupied, bytes: number): void {
    this.resize(occupied, bytes);
    this.#writing.delete(occupied);
  }

  /** A file has lost a name, and with its last one what it holds. */
  lost(file: BigIntStats | undefined): void {
    // The others may lie elsewhere, as in a backup: only a count can tell. It waits until somebody needs to know.
    if (file !== undefined && file.nlink > 1n) this.#mayBeLess = true;
    else this.#add(-Number(file?.size ?? 0));
  }

  /** What is counted does not hold any more: it is counted anew when it is next asked for. */
  forget(): void {
    this.#usedBytes = undefined;
  }

  /** So many bytes came, or went when it is negative. */
  #add(bytes: number): void {
    if (this.#usedBytes === undefined) return;
    this.#usedBytes += bytes;
    // More went than there was: others have changed what lies here.
    if (this.#usedBytes < 0) this.forget();
  }

  async #count(): Promise<number> {
    const writing = [...this.#writing];
    const others = await countFiles(this.#root, new Set(writing.map(({ key }) => key)), this.#closing);
    // Also of those that have ended meanwhile: what they hold now nobody else has counted.
    this.#usedBytes = writing.reduce((sum, { bytes }) => sum + bytes, others);
    this.#mayBeLess = false;
    return this.#usedBytes;
  }
}
