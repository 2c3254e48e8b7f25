import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Transport } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import type { Step } from './plan.ts';

/** What {@link StaleTemporaries} works with. */
export interface TemporariesSurroundings {
  readonly transport: Transport;
  readonly logger: Logger;
  /** Nothing is removed. */
  readonly dryRun: boolean;
}

/** Temporary files of this mirror that were seen on the far side: each belongs to an upload that was interrupted. */
export class StaleTemporaries {
  readonly #surroundings: TemporariesSurroundings;
  readonly #paths = new Set<string>();

  constructor(surroundings: TemporariesSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Is none known that is still to be removed? */
  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** Some were seen. */
  found(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
  }

  /** An upload has ended well: what was its temporary file has its name now. */
  named(upload: Step): void {
    // The name is a hash, and most of the time there is none to be found.
    if (!this.isEmpty) this.#paths.delete(this.#surroundings.transport.temporaryOf(upload));
  }

  /**
   * Remove those that no upload is going to finish. What cannot be removed is logged, and tried again the next time.
   *
   * @param ahead what is still to be done
   * @returns how many could not be removed
   */
  async sweep(ahead: readonly Step[]): Promise<number> {
    const { transport, logger, dryRun } = this.#surroundings;
    if (this.#paths.size === 0 || dryRun) return 0;
    // Others are not written over: a lost connection may still bring what was on its way, and change the time of the file.
    const goingOn = ahead.filter(({ kind, size }) => kind === 'upload' && transport.resumes(size));
    const wanted = new Set(goingOn.map((step) => transport.temporaryOf(step)));
    const stale = [...this.#paths].filter((path) => !wanted.has(path));
    await allEnded(stale.map((path) => this.#remove(path)));
    const failed = stale.filter((path) => this.#paths.has(path)).length;
    const swept = stale.length - failed;
    if (swept > 0) logger.info(`Swept : ${swept} temporary files of uploads that were interrupted`);
    return failed;
  }

  async #remove(path: string): Promise<void> {
    try {
      await this.#surroundings.transport.remove(path);
      this.#paths.delete(path);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      this.#surroundings.logger.error(`Not swept : ${path}, ${messageOf(error)}`);
    }
  }
}
