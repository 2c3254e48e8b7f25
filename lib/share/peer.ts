import { conflictsAmong } from './desk/conflict-list.ts';
import { discardCopies } from './desk/keep-copy.ts';
import type { EntryPath } from './model/entry.ts';
import { PeerAssembly } from './peer-assembly.ts';
import type { PeerBeginning } from './peer-beginning.ts';
import { tidyDaily } from './tidy-daily.ts';

// What no event told is found by then: a folder that cannot be watched, an event that got lost.
const RESCAN_MS = 60_000;

/** Why a peer has come to its end in order. */
export type PeerEnd = 'stopped' | 'renewed';

/** A machine that shares the folder, from its beginning to its end. */
export class Peer {
  readonly #beginning: PeerBeginning;
  readonly #assembly: PeerAssembly;
  /** Refused when it cannot go on. */
  readonly #failed: Promise<never>;
  /** Fulfilled when it is to begin anew. */
  readonly #renewed: Promise<PeerEnd>;
  #tidying: Promise<void> | undefined;

  constructor(beginning: PeerBeginning) {
    this.#beginning = beginning;
    let fail: (error: unknown) => void = () => undefined;
    let renew: (end: PeerEnd) => void = () => undefined;
    this.#failed = new Promise((_, reject) => (fail = reject));
    this.#renewed = new Promise((resolve) => (renew = resolve));
    // It may fail before anybody waits for that, and after.
    this.#failed.catch(() => undefined);
    this.#assembly = new PeerAssembly(beginning, fail, () => renew('renewed'));
  }

  /**
   * Share until it is stopped.
   *
   * @returns `renewed` when it is to begin anew at once, as a new peer with the same state
   * @throws CodedError when it cannot go on
   */
  async run(signal: AbortSignal): Promise<PeerEnd> {
    const stopped = new Promise<PeerEnd>((resolve) =>
      signal.addEventListener('abort', () => resolve('stopped'), { once: true }),
    );
    await this.#start();
    const regularly = new AbortController();
    void this.#rescan(regularly.signal);
    this.#tidying = this.#tidy(regularly.signal);
    try {
      return signal.aborted ? 'stopped' : await Promise.race([this.#failed, stopped, this.#renewed]);
    } finally {
      regularly.abort();
    }
  }

  /** End in order. */
  async close(): Promise<void> {
    const { desk, progress, looker, drafts, watcher, links, fetcher, changes, conductor, partJournal, reader } =
      this.#assembly;
    desk.close();
    progress.close();
    looker.close();
    drafts.close();
    watcher.close();
    await links.close();
    await fetcher.close();
    // What the disk is at comes to its end, and is kept.
    await changes.ended();
    await this.#tidying;
    try {
      conductor.close();
      partJournal.flush();
    } finally {
      // On a full disk as well: threads would keep the process, and the process the lock.
      await reader.close();
      this.#beginning.state.close();
    }
  }

  async #start(): Promise<void> {
    const { links, looker, desk, replica } = this.#assembly;
    const { parameters, surroundings, folder } = this.#beginning;
    const { logger } = surroundings;
    const { port } = await links.start();
    const where = parameters.values.bind ?? 'all addresses';
    logger.info(`Sharing ${folder.folders.root} : listening on ${where}, port ${port}`);
    looker.dirty(['']);
    await desk.open();
    void looker.idle().then(() => logger.info(`Looked through : ${replica.living} files and folders`));
  }

  async #rescan(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#beginning.surroundings.clock.wait(RESCAN_MS, signal);
      if (!signal.aborted) this.#assembly.looker.dirty(['']);
    }
  }

  async #tidy(signal: AbortSignal): Promise<void> {
    const { parameters, surroundings, folder } = this.#beginning;
    const { parts, fetcher, conductor, replica, looker } = this.#assembly;
    const { trash, folders } = folder;
    const untidy = {
      ...{ trash, parts, fetcher, conductor },
      days: parameters.values['trash-days'],
      conflicts: () =>
        conflictsAmong(replica.allHeld(), (path) => replica.held(path)?.entry.content).filter(({ path }) =>
          this.#lies(path),
        ),
      discard: (copies: readonly EntryPath[]) => {
        const result = discardCopies(copies, { root: folders.root, trash });
        looker.dirty(result.discarded);
        return result;
      },
    };
    await tidyDaily(untidy, surroundings, signal);
  }

  /** Does what is held at a path lie there? What was changed or deleted since somebody looked does not count. */
  #lies(path: EntryPath): boolean {
    const held = this.#assembly.replica.held(path);
    const seen = held && { type: held.entry.content.type, stamp: held.stamp };
    return seen !== undefined && this.#beginning.folder.isCurrent(path, seen);
  }
}
