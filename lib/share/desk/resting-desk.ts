import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { FileLock } from '../../base/file-lock.ts';
import { printable } from '../../files/printable.ts';
import { recogniseShare, statShare } from '../disk/guard.ts';
import { Trash } from '../disk/trash.ts';
import { type PeerAddress, showAddress } from '../link/peer-address.ts';
import { type Forgotten, Pins } from '../link/pins.ts';
import { type EntryPath, exists } from '../model/entry.ts';
import type { SavedEntry } from '../replica/events.ts';
import type { ShareParameters } from '../share-parameters.ts';
import type { Kept } from '../state/kept.ts';
import { readKept } from '../state/state-journal.ts';
import { conflictsAmong } from './conflict-list.ts';
import { DeskError } from './desk-error.ts';
import { NOTHING_INCOMING } from './incoming.ts';
import { keepCopy } from './keep-copy.ts';
import type { ConflictView, KeptView, PeerStatus, ShareDesk, ShareStatus, TrashView } from './share-desk.ts';
import { restoreFrom, trashViews } from './trash-shelf.ts';

type Folders = Pick<ShareParameters, 'peers' | 'shareFolder' | 'stateFolder'>;

/** Answers from what is kept, while nobody shares the folder; nobody can begin to as long as it is open. */
export class RestingDesk implements ShareDesk {
  readonly #folders: Folders;
  readonly #lock: FileLock;
  readonly #trash: Trash;
  readonly #pins: Pins;
  #kept: Kept | undefined;

  /** @throws DeskError E_NO_SHARE; LockError, E_LOCKED when it is shared */
  constructor(folders: Folders) {
    const { stateFolder, shareFolder } = folders;
    if (!existsSync(join(stateFolder, 'journal'))) {
      const message = `Nothing is known of ${printable(shareFolder)}: there is no share in ${printable(stateFolder)}; name others with --share or --state`;
      throw new DeskError('E_NO_SHARE', message);
    }
    this.#folders = folders;
    this.#lock = FileLock.take(join(stateFolder, 'lock'));
    this.#trash = new Trash(join(stateFolder, 'trash'), systemClock);
    this.#pins = new Pins(join(stateFolder, 'peers.json'));
  }

  async status(): Promise<ShareStatus> {
    const { shareFolder, peers } = this.#folders;
    const pins = await this.#pins.read();
    const known = new Set([...peers.map(showAddress), ...pins.keys()]);
    const contents = this.#all().map(({ entry: { content } }) => content);
    const files = contents.filter((content) => content.type === 'file');
    return {
      isRunning: false,
      sinceMs: null,
      share: shareFolder,
      device: null,
      files: files.length,
      folders: contents.filter(({ type }) => type === 'directory').length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      isLookedThrough: false,
      peers: [...known].map((address) => unmet(address, pins.get(address))),
      copies: [],
      incoming: NOTHING_INCOMING,
      waiting: [],
      failed: [],
      leftOut: [],
      conflicts: (await this.conflicts()).length,
    };
  }

  async conflicts(): Promise<readonly ConflictView[]> {
    const { saved } = this.#read();
    return conflictsAmong(saved.values(), (path) => saved.get(path)?.entry.content);
  }

  async keep(names: readonly EntryPath[]): Promise<KeptView> {
    // The next start finds what was changed.
    return keepCopy(names, { root: this.#root(), trash: this.#trash, conflicts: await this.conflicts() });
  }

  async trash(): Promise<readonly TrashView[]> {
    return trashViews(this.#trash);
  }

  async restore(name: string): Promise<EntryPath> {
    return restoreFrom(this.#trash, name, this.#root());
  }

  trust(at: PeerAddress): Promise<Forgotten> {
    return this.#pins.forget(at);
  }

  close(): void {
    this.#lock.release();
  }

  /** Of the share, and of no other folder: a file that is put where its disk is to be mounted would make it look like the share. */
  #root(): string {
    const { shareFolder } = this.#folders;
    statShare(shareFolder);
    const root = realpathSync(shareFolder);
    const { root: kept } = this.#read();
    const names = this.#all().map(({ entry: { path } }) => path.split('/', 1)[0] ?? '');
    recogniseShare(root, kept === undefined ? undefined : `${kept.dev}:${kept.ino}`, new Set(names));
    return root;
  }

  #all(): readonly SavedEntry[] {
    return [...this.#read().saved.values()].filter(({ entry }) => exists(entry.content));
  }

  #read(): Kept {
    this.#kept ??= readKept(this.#folders.stateFolder);
    return this.#kept;
  }
}

function unmet(address: string, device: string | undefined): PeerStatus {
  return {
    ...{ address, isHere: false, sinceMs: null, name: null, device: device ?? null },
    ...{ why: null, lacks: null, owes: null, hasToldAll: false },
  };
}
