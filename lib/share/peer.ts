import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/coded-error.ts';
import { wholeOf } from './chunks/chunk-list.ts';
import { ContentReader } from './chunks/content-reader.ts';
import { openReadingPool } from './chunks/reading-pool.ts';
import { Conductor } from './conductor.ts';
import { makeDesk, type OpenedDesk } from './desk/open-desk.ts';
import { LeftOuts } from './disk/left-outs.ts';
import { look } from './disk/look.ts';
import { Parts } from './disk/parts.ts';
import { Watcher } from './disk/watcher.ts';
import { DiskFetches } from './disk-fetches.ts';
import { knownEntries } from './known-entries.ts';
import { Links } from './link/links.ts';
import { Looker } from './looker.ts';
import { type ContentId, type EntryPath, exists } from './model/entry.ts';
import { PartJournal } from './part-journal.ts';
import type { Encryption, PeerBeginning } from './peer-beginning.ts';
import type { Change, ShareEffect } from './replica/events.ts';
import { Replica } from './replica/replica.ts';
import type { ShareFolder } from './share-folder.ts';
import { ShareLog } from './share-log.ts';
import type { ShareParameters } from './share-parameters.ts';
import type { ShareState } from './state/share-state.ts';
import { Teller } from './teller.ts';
import { tidyDaily } from './tidy-daily.ts';
import { ContentIndex } from './transfer/content-index.ts';
import { Fetcher } from './transfer/fetcher.ts';
import { Giver, type Source } from './transfer/giver.ts';
import { Packer } from './transfer/packer.ts';
import { knownCodecs } from './transfer/packing.ts';

// What no event told is found by then: a folder that cannot be watched, an event that got lost.
const RESCAN_MS = 60_000;

/** A machine that shares the folder. */
export class Peer {
  readonly #parameters: ShareParameters;
  readonly #surroundings: PeerBeginning['surroundings'];
  readonly #state: ShareState;
  readonly #replica: Replica;
  readonly #folder: ShareFolder;
  readonly #log: ShareLog;
  readonly #index = new ContentIndex();
  readonly #leftOuts = new LeftOuts();
  readonly #partJournal: PartJournal;
  readonly #parts: Parts;
  readonly #reader: ContentReader;
  readonly #watcher: Watcher;
  readonly #looker: Looker;
  readonly #fetches: DiskFetches;
  readonly #fetcher: Fetcher;
  readonly #applying = new Set<Promise<void>>();
  readonly #conductor: Conductor;
  readonly #links: Links;
  readonly #desk: OpenedDesk;
  #fail: (error: unknown) => void = () => undefined;

  constructor({ parameters, surroundings, folder, state, encryption }: PeerBeginning) {
    const { clock, logger } = surroundings;
    this.#parameters = parameters;
    this.#surroundings = surroundings;
    this.#folder = folder;
    this.#state = state;
    this.#log = new ShareLog(logger, () => clock.now());
    this.#replica = new Replica(state.beginning);
    for (const { entry } of this.#replica.allHeld()) this.#index.replace(entry.path, undefined, entry.content);
    this.#partJournal = new PartJournal(state, clock, (error) => this.#fail(error));
    this.#parts = this.#openParts();
    this.#reader = new ContentReader(openReadingPool(parameters.values.workers));
    this.#watcher = new Watcher({
      clock,
      onDirty: (paths) => this.#looker.dirty(paths),
      onFallBack: (reason) =>
        logger.warn(`The share is looked through every few seconds : not all of it can be watched, ${reason}`),
    });
    this.#looker = this.#makeLooker();
    this.#fetches = this.#makeFetches();
    this.#fetcher = this.#makeFetcher();
    this.#conductor = this.#makeConductor();
    this.#links = this.#makeLinks(encryption);
    this.#desk = this.#makeDesk(encryption);
  }

  /**
   * Share until it is stopped.
   *
   * @throws CodedError when it cannot go on
   */
  async run(signal: AbortSignal): Promise<void> {
    const { logger, clock } = this.#surroundings;
    const failed = new Promise<never>((_, reject) => (this.#fail = reject));
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    const { port } = await this.#links.start();
    const where = this.#parameters.values.bind ?? 'all addresses';
    logger.info(`Sharing ${this.#folder.folders.root} : listening on ${where}, port ${port}`);
    this.#looker.dirty(['']);
    await this.#desk.open();
    void this.#looker.idle().then(() => logger.info(`Looked through : ${this.#replica.living} files and folders`));
    const rescan = new AbortController();
    void this.#rescan(clock, rescan.signal);
    const untidy = { trash: this.#folder.trash, parts: this.#parts, fetcher: this.#fetcher };
    void tidyDaily({ ...untidy, days: this.#parameters.values['trash-days'] }, this.#surroundings, rescan.signal);
    try {
      if (!signal.aborted) await Promise.race([failed, stopped]);
    } finally {
      rescan.abort();
    }
  }

  /** End in order. */
  async close(): Promise<void> {
    this.#desk.close();
    this.#looker.close();
    this.#watcher.close();
    await this.#links.close();
    await this.#fetcher.close();
    // What the disk is at comes to its end, and is kept.
    await Promise.all(this.#applying);
    this.#conductor.close();
    this.#partJournal.flush();
    await this.#reader.close();
    this.#state.close();
  }

  async #rescan(clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.wait(RESCAN_MS, signal);
      if (!signal.aborted) this.#looker.dirty(['']);
    }
  }

  #makeDesk(encryption: Encryption | undefined): OpenedDesk {
    const options = {
      replica: this.#replica,
      links: this.#links,
      fetcher: this.#fetcher,
      looker: this.#looker,
      leftOuts: this.#leftOuts,
      folder: this.#folder,
      device: encryption?.identity.device,
      clock: this.#surroundings.clock,
    };
    return makeDesk(options, this.#surroundings.logger);
  }

  #openParts(): Parts {
    return new Parts({
      folder: this.#folder.folders.tmp,
      clock: this.#surroundings.clock,
      // After a power failure nobody knows what is in them.
      kept: this.#state.partsAreUnsure ? [] : this.#partJournal.kept,
      onWritten: (part, chunks) => this.#partJournal.written(part, chunks),
      onGone: (id) => this.#partJournal.gone(id),
    });
  }

  #makeLooker(): Looker {
    const { folders, identity } = this.#folder;
    const options = { ...folders, identity, known: knownEntries(this.#replica), coverage: this.#watcher };
    return new Looker({
      look: (paths) => look(paths, options),
      reader: this.#reader,
      clock: this.#surroundings.clock,
      isCurrent: (path, seen) => this.#folder.isCurrent(path, seen),
      unchanged: (path) => this.#unchanged(path),
      onFound: (path, seen) => this.#conductor.handle({ kind: 'found', path, seen }),
      onTaken: (path) => this.#conductor.failed(path, 'something that is not shared is in the way'),
      onLook: (seen) => {
        for (const { path, reason } of this.#leftOuts.take(seen))
          this.#surroundings.logger.warn(`Left out : ${path}, ${reason}`);
      },
      onUnreadable: (path, error) => this.#surroundings.logger.warn(`Left out : ${path}, ${error.message}`),
      onEnd: (error) => this.#fail(error),
    });
  }

  #unchanged(path: EntryPath) {
    const held = this.#replica.held(path);
    return held === undefined || !exists(held.entry.content) ? undefined : { ...held.entry.content, stamp: held.stamp };
  }

  #makeFetches(): DiskFetches {
    const { folders, trash } = this.#folder;
    return new DiskFetches({
      parts: this.#parts,
      trash,
      index: this.#index,
      tmp: folders.tmp,
      held: (path) => this.#replica.held(path),
      whereOf: (path) => this.#folder.whereOf(path),
      isCurrent: (path) => this.#isHeld(path),
    });
  }

  #makeFetcher(): Fetcher {
    return new Fetcher({
      disk: this.#fetches,
      clock: this.#surroundings.clock,
      linkTo: (peer) => this.#conductor.linkTo(peer),
      onFetched: (path, id, file) => this.#conductor.fetched(path, id, file),
      onMissing: (path, id, peer) => this.#conductor.handle({ kind: 'missing', path, id, peer }),
      onFailed: (path, reason) => {
        this.#surroundings.logger.warn(`Failed : ${path}, ${reason}; it is tried again`);
        this.#conductor.failed(path, reason);
      },
      onWrongBytes: (link) => this.#links.cutOff(link, 'It gives other bytes than it told'),
    });
  }

  #isHeld(path: EntryPath): boolean {
    const held = this.#replica.held(path);
    return held !== undefined && this.#folder.isCurrent(path, { type: held.entry.content.type, stamp: held.stamp });
  }

  #sourceOf(id: ContentId, end: number): Source | undefined {
    for (const path of this.#index.pathsOf(id)) {
      const content = this.#replica.held(path)?.entry.content;
      if (content?.type !== 'file' || wholeOf(content).count < end) continue;
      return {
        file: this.#folder.whereOf(path),
        list: wholeOf(content),
        isCurrent: () => this.#isHeld(path),
        tellStale: () => this.#looker.dirty([path]),
      };
    }
    return undefined;
  }

  #makeConductor(): Conductor {
    const giver = new Giver((id, end) => this.#sourceOf(id, end), new Packer(this.#surroundings.clock));
    const teller = new Teller(this.#replica, (saved) => this.#folder.read(saved));
    return new Conductor({
      replica: this.#replica,
      clock: this.#surroundings.clock,
      objectionTo: (path) => this.#folder.objectionTo(path),
      hands: {
        giver,
        teller,
        fetcher: this.#fetcher,
        save: (effect) => this.#save(effect),
        settle: (peer, upTo) => this.#state.settle(peer, upTo),
        apply: (change, file) => this.#begin(change, file),
        leave: (file) => void this.#fetches.leave(file).catch((error: unknown) => this.#fail(error)),
        look: (path) => this.#looker.dirty([path]),
      },
      onWanted: (path) => this.#log.wanted(path),
      onApplied: (change, outcome) => this.#log.applied(change, outcome),
      onFault: (error) => this.#fail(error),
    });
  }

  #begin(change: Change, file: string | undefined): void {
    const applying = this.#apply(change, file)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#applying.delete(applying));
    this.#applying.add(applying);
  }

  async #apply(change: Change, file: string | undefined): Promise<void> {
    const { path, to } = change;
    this.#state.begin(change, file !== undefined && to.type === 'file' ? this.#folder.identityOf(file, to) : undefined);
    const outcome = await this.#folder.commit.apply(change, file);
    const isDone = outcome.result === 'done';
    if (!isDone) this.#state.withdraw(path);
    this.#conductor.applied(path, outcome);
    if (file !== undefined) await (isDone ? this.#fetches.used(file) : this.#fetches.leave(file));
  }

  #save({ saved, before, isOwn }: Extract<ShareEffect, { kind: 'save' }>): void {
    this.#index.replace(saved.entry.path, before, saved.entry.content);
    this.#state.save(saved);
    if (isOwn) this.#log.found(saved, before);
  }

  #makeLinks(encryption: Encryption | undefined): Links {
    const { values, peers } = this.#parameters;
    const links = new Links({
      ...(values.bind === undefined ? {} : { bind: values.bind }),
      port: values.port,
      peers,
      hello: { protocol: 1, replica: this.#replica.id, name: hostname(), codecs: knownCodecs },
      clock: this.#surroundings.clock,
      ...(encryption === undefined ? {} : { encryption }),
    });
    links.events.on('up', (link) => {
      this.#surroundings.logger.info(`Peer here : ${link.peer.address}`);
      this.#conductor.up(link);
    });
    links.events.on('message', (link, message) => this.#conductor.hear(link, message));
    links.events.on('drain', (link) => this.#conductor.drain(link));
    links.events.on('down', (link, why) => {
      this.#surroundings.logger.info(`Peer gone : ${link.peer.address}, ${messageOf(why)}`);
      this.#conductor.down(link);
    });
    links.events.on('told', (notice) => this.#log.told(notice));
    return links;
  }
}
