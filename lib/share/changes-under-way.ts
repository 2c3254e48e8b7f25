import type { DiskFetches } from './disk-fetches.ts';
import type { EntryPath } from './model/entry.ts';
import type { Applied, Change } from './replica/events.ts';
import type { ShareFolder } from './share-folder.ts';
import type { ShareState } from './state/share-state.ts';

/** What changes of the disk need. */
export interface ChangesUnderWayOptions {
  readonly state: Pick<ShareState, 'begin' | 'withdraw'>;
  readonly folder: Pick<ShareFolder, 'identityOf' | 'commit'>;
  readonly fetches: Pick<DiskFetches, 'used' | 'leave'>;
  /** A change came to an end. */
  readonly onApplied: (path: EntryPath, outcome: Applied) => void;
  /** What was begun or ended cannot be kept. */
  readonly onFault: (error: unknown) => void;
}

/** Changes of the disk that have begun and not yet ended; each is in the journal before, so that a crash leaves no doubt. */
export class ChangesUnderWay {
  readonly #options: ChangesUnderWayOptions;
  readonly #applying = new Set<Promise<void>>();

  constructor(options: ChangesUnderWayOptions) {
    this.#options = options;
  }

  /**
   * Change the disk.
   *
   * @param file a finished file of the content that is to come
   */
  begin(change: Change, file: string | undefined): void {
    const applying = this.#apply(change, file)
      .catch((error: unknown) => this.#options.onFault(error))
      .finally(() => this.#applying.delete(applying));
    this.#applying.add(applying);
  }

  /** Fulfilled when those that have begun by now have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.#applying);
  }

  async #apply(change: Change, file: string | undefined): Promise<void> {
    const { folder, fetches, onFault } = this.#options;
    const isDone = await new Promise<boolean>((resolve) =>
      folder.commit.apply(change, file, {
        begin: () => this.#begin(change, file),
        end: (outcome) => {
          this.#end(change.path, outcome);
          resolve(outcome.result === 'done');
        },
        fault: (error) => {
          onFault(error);
          resolve(false);
        },
      }),
    );
    if (file !== undefined) await (isDone ? fetches.used(file) : fetches.leave(file));
  }

  #begin(change: Change, file: string | undefined): void {
    const { state, folder } = this.#options;
    const { to } = change;
    state.begin(change, file !== undefined && to.type === 'file' ? folder.identityOf(file, to) : undefined);
  }

  #end(path: EntryPath, outcome: Applied): void {
    const { state, onApplied } = this.#options;
    if (outcome.result !== 'done') state.withdraw(path);
    onApplied(path, outcome);
  }
}
