import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../base/coded-error.ts';
import { ChangesUnderWay } from './changes-under-way.ts';
import { ContentReader } from './chunks/content-reader.ts';
import { reasonIn } from './chunks/read-error.ts';
import { openReadingPool } from './chunks/reading-pool.ts';
import { Conductor } from './conductor.ts';
import { makeDesk, type OpenedDesk } from './desk/open-desk.ts';
import { LeftOuts } from './disk/left-outs.ts';
import { look } from './disk/look.ts';
import { Parts } from './disk/parts.ts';
import { Watcher } from './disk/watcher.ts';
import { DiskFetches } from './disk-fetches.ts';
import { Holdings } from './holdings.ts';
import { Links } from './link/links.ts';
import { Looker } from './looker.ts';
import type { ReplicaId } from './model/version.ts';
import { PartJournal } from './part-journal.ts';
import type { PeerBeginning } from './peer-beginning.ts';
import type { Met, ShareEffect } from './replica/events.ts';
import { Replica } from './replica/replica.ts';
import { ShareLog } from './share-log.ts';
import { Teller } from './teller.ts';
import { DraftTeller } from './transfer/draft-teller.ts';
import { Fetcher } from './transfer/fetcher.ts';
import { Giver } from './transfer/giver.ts';
import { Packer } from './transfer/packer.ts';
import { knownCodecs } from './transfer/packing.ts';
import { TransferProgress } from './transfer-progress.ts';
import { CONTENT_ID_BYTES } from './wire/entries-on-wire.ts';
import { PROTOCOL } from './wire/message-types.ts';

/** What a peer is made of, each thing connected with the others. Nothing runs before it is told to. */
export class PeerAssembly {
  readonly #beginning: PeerBeginning;
  readonly #onFault: (error: unknown) => void;
  readonly #onRenewed: () => void;
  readonly #log: ShareLog;
  readonly #leftOuts = new LeftOuts();
  readonly #holdings: Holdings;
  readonly #fetches: DiskFetches;
  readonly replica: Replica;
  readonly partJournal: PartJournal;
  readonly parts: Parts;
  readonly reader: ContentReader;
  readonly watcher: Watcher;
  readonly drafts: DraftTeller;
  readonly looker: Looker;
  readonly fetcher: Fetcher;
  readonly progress: TransferProgress;
  readonly changes: ChangesUnderWay;
  readonly conductor: Conductor;
  readonly links: Links;
  readonly desk: OpenedDesk;

  /**
   * @param onFault the peer cannot go on
   * @param onRenewed it is to end, and to begin anew with what the state says
   */
  constructor(beginning: PeerBeginning, onFault: (error: unknown) => void, onRenewed: () => void) {
    const { parameters, surroundings, folder, state } = beginning;
    const { clock, logger } = surroundings;
    this.#beginning = beginning;
    this.#onFault = onFault;
    this.#onRenewed = onRenewed;
    this.#log = new ShareLog(logger, () => clock.now());
    this.replica = new Replica(state.beginning);
    this.#holdings = new Holdings({ replica: this.replica, folder, onStale: (path) => this.looker.dirty([path]) });
    this.partJournal = new PartJournal(state, clock, onFault);
    this.parts = this.#makeParts();
    this.reader = new ContentReader(openReadingPool(parameters.values.workers));
    this.watcher = this.#makeWatcher();
    this.drafts = this.#makeDrafts();
    this.looker = this.#makeLooker();
    this.#fetches = this.#makeFetches();
    this.fetcher = this.#makeFetcher();
    this.progress = this.#makeProgress();
    this.changes = this.#makeChanges();
    this.conductor = this.#makeConductor();
    this.links = this.#makeLinks();
    this.desk = this.#makeDesk();
  }

  #makeParts(): Parts {
    const { folder, state, surroundings } = this.#beginning;
    return new Parts({
      folder: folder.folders.tmp,
      clock: surroundings.clock,
      // After a power failure nobody knows what is in them.
      kept: state.partsAreUnsure ? [] : this.partJournal.kept,
      onWritten: (part, chunks) => this.partJournal.written(part, chunks),
      onGone: (id) => this.partJournal.gone(id),
    });
  }

  #makeWatcher(): Watcher {
    const { clock, logger } = this.#beginning.surroundings;
    return new Watcher({
      clock,
      onDirty: (paths) => this.looker.dirty(paths),
      onFallBack: (reason) =>
        logger.warn(`The share is looked through every few seconds : not all of it can be watched, ${reason}`),
    });
  }

  #makeLooker(): Looker {
    const { folder, state, surroundings } = this.#beginning;
    const { folders, identity } = folder;
    const options = { ...folders, identity, known: this.#holdings.known, coverage: this.watcher };
    return new Looker({
      look: (paths) => look(paths, options),
      reader: this.reader,
      clock: surroundings.clock,
      isCurrent: (path, seen) => folder.isCurrent(path, seen),
      unchanged: (path) => this.#holdings.asSeen(path),
      keeper: state,
      onReading: (file) => this.drafts.begin(file),
      onFound: (path, seen) => {
        this.#leftOuts.readable(path);
        this.conductor.handle({ kind: 'found', path, seen });
      },
      onTaken: (path) => this.conductor.failed(path, 'something that is not shared, or cannot be read, is in the way'),
      onLook: (seen) => {
        // Behind the look: a disk that is not mounted any more, with the share and the state on it, is to be told as that.
        state.assertInPlace();
        for (const one of this.#leftOuts.take(seen)) this.#log.leftOut(one);
      },
      onUnreadable: (path, error) => {
        const detail = reasonIn(error, folder.whereOf(path));
        if (this.#leftOuts.unreadable(path, detail)) this.#log.leftOut({ path, reason: 'unreadable', detail });
      },
      onEnd: this.#onFault,
    });
  }

  #makeDrafts(): DraftTeller {
    const { folder, surroundings } = this.#beginning;
    return new DraftTeller({
      clock: surroundings.clock,
      freshId: () => randomBytes(CONTENT_ID_BYTES).toString('hex'),
      links: () => this.links.up,
      isCurrent: (path, seen) => folder.isCurrent(path, seen),
    });
  }

  #makeFetches(): DiskFetches {
    const { folder } = this.#beginning;
    return new DiskFetches({
      parts: this.parts,
      trash: folder.trash,
      index: this.#holdings.index,
      tmp: folder.folders.tmp,
      held: (path) => this.replica.held(path),
      whereOf: (path) => folder.whereOf(path),
      isCurrent: (held) => this.#holdings.isCurrent(held),
      known: (path) => (this.#holdings.isAsKnown(path) ? undefined : this.looker.lookedAt(path)),
      onBegun: (path) => this.#log.begun(path),
      onHere: (path, bytes) => this.#log.here(path, bytes),
    });
  }

  #makeFetcher(): Fetcher {
    const { folder, surroundings } = this.#beginning;
    return new Fetcher({
      disk: this.#fetches,
      clock: surroundings.clock,
      linkTo: (peer) => this.conductor.linkTo(peer),
      onFetched: (path, id, file) => this.conductor.fetched(path, id, file),
      onGone: (path, id, peer) => this.conductor.gone(path, id, peer),
      onMissing: (path, id, peer) => this.conductor.handle({ kind: 'missing', path, id, peer }),
      onFailed: (path, reason) => {
        this.#log.failed(path, reason);
        this.conductor.failed(path, reason);
        // Whoever looks finds out whether share and state are still there.
        this.looker.dirty([path]);
      },
      chunksAt: (path) => this.#holdings.chunksAt(path),
      onDraft: () => this.progress.wake(),
      onBecame: (path, beganMs) => this.#log.begun(path, beganMs),
      isWelcome: (path) => folder.objectionTo(path) === undefined && this.#holdings.isAsKnown(path),
      onWrongBytes: (link) => this.links.cutOff(link, 'It gives other bytes than it told'),
    });
  }

  #makeProgress(): TransferProgress {
    return new TransferProgress({
      fetches: () => this.fetcher.fetches,
      clock: this.#beginning.surroundings.clock,
      onProgress: (file) => this.#log.underWay(file),
    });
  }

  #makeChanges(): ChangesUnderWay {
    const { state, folder } = this.#beginning;
    return new ChangesUnderWay({
      state,
      folder,
      fetches: this.#fetches,
      onApplied: (path, outcome) => this.conductor.applied(path, outcome),
      onFault: this.#onFault,
    });
  }

  #makeConductor(): Conductor {
    const { folder, state, surroundings } = this.#beginning;
    const { clock, rarely } = surroundings;
    const keepTold = (peer: ReplicaId, upTo: number) => this.#keepTold(peer, upTo);
    return new Conductor({
      ...{ replica: this.replica, clock, rarely },
      objectionTo: (path) => folder.objectionTo(path),
      hands: {
        giver: new Giver((id) => this.#holdings.sourceOf(id) ?? this.drafts.sourceOf(id), new Packer(clock), clock),
        teller: new Teller(this.replica, clock, (saved) => folder.read(saved), keepTold),
        fetcher: this.fetcher,
        save: (effect) => this.#save(effect),
        settle: (peer, upTo) => state.settle(peer, upTo),
        apply: (change, file) => this.changes.begin(change, file),
        leave: (file) => void this.#fetches.leave(file).catch(this.#onFault),
        look: (path) => this.looker.dirty([path]),
        forget: (path, number) => state.forget(path, number),
        meet: (met) => this.#meet(met),
        renew: (peer) => this.#renew(peer),
      },
      onWanted: (path) => {
        this.#log.wanted(path);
        this.progress.wake();
      },
      onHarm: (link, why) => this.links.cutOff(link, why),
      onMisheard: (link, error) => this.#log.misheard(link.peer.address, error),
      onApplied: (change, outcome) => this.#log.applied(change, outcome),
      onFault: this.#onFault,
    });
  }

  #save({ saved, before, isOwn }: Extract<ShareEffect, { kind: 'save' }>): void {
    this.#holdings.replace(saved.entry, before);
    this.#beginning.state.save(saved);
    if (isOwn) this.#log.found(saved, before);
  }

  #keepTold(peer: ReplicaId, upTo: number): boolean {
    try {
      this.#beginning.state.tell(peer, upTo);
      return true;
    } catch (error) {
      this.#onFault(error);
      return false;
    }
  }

  #meet(met: Met): void {
    this.#beginning.state.meet(met);
    if (met.retold !== undefined) this.#log.retold(this.conductor.linkTo(met.peer));
  }

  #renew(peer: ReplicaId): void {
    this.#beginning.state.renew();
    this.#log.renewed(this.conductor.linkTo(peer));
    this.#onRenewed();
  }

  #makeLinks(): Links {
    const { parameters, surroundings, encryption } = this.#beginning;
    const { clock, logger } = surroundings;
    const { bind, port } = parameters.values;
    const links = new Links({
      ...(bind === undefined ? {} : { bind }),
      port,
      peers: parameters.peers,
      hello: { protocol: PROTOCOL, replica: this.replica.id, name: hostname(), codecs: knownCodecs },
      clock,
      ...(encryption === undefined ? {} : { encryption }),
    });
    links.events.on('up', (link) => {
      logger.info(`Peer here : ${link.peer.address}`);
      this.conductor.up(link);
    });
    links.events.on('message', (link, message) => this.conductor.hear(link, message));
    links.events.on('drain', (link) => this.conductor.drain(link));
    links.events.on('down', (link, why) => {
      logger.info(`Peer gone : ${link.peer.address}, ${messageOf(why)}`);
      this.conductor.down(link);
    });
    links.events.on('told', (notice) => this.#log.told(notice));
    return links;
  }

  #makeDesk(): OpenedDesk {
    const { folder, surroundings, encryption } = this.#beginning;
    const { replica, links, fetcher, looker } = this;
    const options = {
      ...{ replica, links, fetcher, looker, folder, leftOuts: this.#leftOuts },
      device: encryption?.identity.device,
      clock: surroundings.clock,
    };
    return makeDesk(options, surroundings.logger);
  }
}
