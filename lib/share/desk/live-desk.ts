import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { type LeftOuts, leftInWords } from '../disk/left-outs.ts';
import type { Links } from '../link/links.ts';
import { type PeerAddress, showAddress } from '../link/peer-address.ts';
import { type Forgotten, type PinnedDevices, Pins } from '../link/pins.ts';
import type { Looker } from '../looker.ts';
import type { EntryPath } from '../model/entry.ts';
import type { Replica } from '../replica/replica.ts';
import type { PeerStanding } from '../replica/standing.ts';
import type { ShareFolder } from '../share-folder.ts';
import type { Fetcher } from '../transfer/fetcher.ts';
import { type Acquaintance, Acquaintances } from './acquaintances.ts';
import { conflictsAmong } from './conflict-list.ts';
import { measureIncoming } from './incoming.ts';
import { keepCopy } from './keep-copy.ts';
import { problemsOf, type Trouble } from './problems.ts';
import type { ConflictView, KeptView, PeerStatus, Problem, ShareDesk, ShareStatus, TrashView } from './share-desk.ts';
import { restoreFrom, trashViews } from './trash-shelf.ts';
import { whatWaits } from './waiting.ts';

/** The parts of a running peer that are asked. */
export interface LiveDeskOptions {
  readonly replica: Replica;
  /** Not started yet. */
  readonly links: Links;
  readonly fetcher: Fetcher;
  readonly looker: Pick<Looker, 'isIdle' | 'dirty' | 'reading' | 'restless'>;
  readonly leftOuts: LeftOuts;
  readonly folder: ShareFolder;
  /** The id of this device; missing without encryption. */
  readonly device: string | undefined;
  readonly clock: Clock;
}

/** Answers for a peer that runs. */
export class LiveDesk implements ShareDesk {
  readonly #options: LiveDeskOptions;
  readonly #acquaintances: Acquaintances;
  readonly #pins: Pins;
  readonly #sinceMs: number;

  constructor(options: LiveDeskOptions) {
    const { links, clock, folder } = options;
    this.#options = options;
    this.#acquaintances = new Acquaintances(links, clock);
    this.#pins = new Pins(join(folder.folders.stateFolder, 'peers.json'));
    this.#sinceMs = clock.now();
  }

  async status(): Promise<ShareStatus> {
    const { replica, fetcher, folder, device, clock, looker } = this.#options;
    const incoming = await measureIncoming(fetcher, clock);
    const pins = device === undefined ? new Map<string, string>() : await this.#pins.read();
    const acquaintances = this.#acquaintances.all;
    // Who was never met is counted as somebody who has nothing: no replica has the id ''.
    const standing = replica.standing(acquaintances.map(({ link }) => link?.peer.replica ?? ''));
    const { files, folders, bytes, copies } = standing;
    return {
      isRunning: true,
      sinceMs: this.#sinceMs,
      share: folder.folders.root,
      device: device ?? null,
      ...{ files, folders, bytes, copies },
      isLookedThrough: looker.isIdle,
      peers: acquaintances.map((one, index) => statusOf(one, standing.peers[index], pins)),
      incoming,
      waiting: whatWaits(this.#options),
      failed: this.#failed(),
      leftOut: this.#leftOut(),
      conflicts: (await this.conflicts()).length,
    };
  }

  async conflicts(): Promise<readonly ConflictView[]> {
    const { replica } = this.#options;
    return conflictsAmong(replica.allHeld(), (path) => replica.held(path)?.entry.content);
  }

  async keep(names: readonly EntryPath[]): Promise<KeptView> {
    const { folder, looker } = this.#options;
    const conflicts = await this.conflicts();
    const kept = keepCopy(names, { root: folder.folders.root, trash: folder.trash, conflicts });
    const others = conflicts.filter(({ original }) => original === kept.kept);
    looker.dirty([kept.kept, ...others.map(({ path }) => path)]);
    return kept;
  }

  async trash(): Promise<readonly TrashView[]> {
    return trashViews(this.#options.folder.trash);
  }

  async restore(name: string): Promise<EntryPath> {
    const { folder, looker } = this.#options;
    const path = restoreFrom(folder.trash, name, folder.folders.root);
    looker.dirty([path]);
    return path;
  }

  async trust(at: PeerAddress): Promise<Forgotten> {
    const { links, device } = this.#options;
    return device === undefined ? await this.#pins.forget(at) : await links.trust(at);
  }

  close(): void {
    // The parts are the peer's.
  }

  #failed(): readonly Problem[] {
    const { folder } = this.#options;
    return problemsOf(this.#stuck().filter(({ path }) => folder.objectionTo(path) === undefined));
  }

  #leftOut(): readonly Problem[] {
    const { leftOuts, folder } = this.#options;
    const here = leftOuts.all.map((one) => ({ path: one.path, reason: leftInWords(one) }));
    return problemsOf([...here, ...this.#stuck().filter(({ path }) => folder.objectionTo(path) !== undefined)]);
  }

  /** What is told by others and does not get here. */
  #stuck(): readonly Trouble[] {
    const failed = [...this.#options.replica.tasks()].filter(({ step }) => step === 'failed');
    return failed.map(({ entry: { path }, reason = '' }) => ({ path, reason }));
  }
}

function statusOf(
  { at, shown, link, isHere, sinceMs, why }: Acquaintance,
  standing: PeerStanding | undefined,
  pins: PinnedDevices,
): PeerStatus {
  const known = link === undefined ? undefined : standing;
  return {
    address: shown,
    isHere,
    sinceMs: sinceMs ?? null,
    name: link?.peer.name ?? null,
    device: link?.peer.device ?? pins.get(showAddress(at)) ?? null,
    why: why ?? null,
    lacks: known?.lacks ?? null,
    owes: known?.owes ?? null,
    hasToldAll: known?.isAll ?? false,
  };
}
