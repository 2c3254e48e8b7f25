import type { Clock } from '../base/clock.ts';
import { JournalError } from '../base/journal.ts';
import { AskAgain } from './ask-again.ts';
import { BeginGate } from './begin-gate.ts';
import { EntryGate } from './entry-gate.ts';
import type { Hands } from './hands.ts';
import { InlineBytes } from './inline-bytes.ts';
import { Later } from './later.ts';
import type { Link } from './link/link.ts';
import type { ContentId, EntryPath } from './model/entry.ts';
import type { ReplicaId } from './model/version.ts';
import type { Rarely } from './rarely.ts';
import type { Applied, Change, ShareEffect, ShareEvent } from './replica/events.ts';
import type { Replica } from './replica/replica.ts';
import { SettledSoon } from './settled-soon.ts';
import { Unpacker } from './transfer/unpacker.ts';
import { wireLimits } from './wire/limits.ts';
import type { Begin, Entries, Hello, Message } from './wire/message.ts';

/** What a conductor works with. */
export interface ConductorOptions {
  readonly replica: Replica;
  readonly hands: Hands;
  readonly clock: Clock;
  /** Why nothing may come to a path, in words; `undefined` where it may. What may not stays unsettled, and is not tried again. */
  readonly objectionTo?: (path: EntryPath) => string | undefined;
  /** A content is to be fetched for a path. */
  readonly onWanted: (path: EntryPath) => void;
  /** A peer does harm with what it may say: have nothing to do with it for a while. */
  readonly onHarm: (link: Link, why: string) => void;
  /** Dealing with what a peer has said failed, by a fault of this program; that of the journal is for {@link onFault}. */
  readonly onMisheard: (link: Link, error: unknown) => void;
  /** Bounds what is dear and can be brought about with a word. */
  readonly rarely: Rarely;
  /** A change of the disk came to an end. */
  readonly onApplied: (change: Change, outcome: Applied) => void;
  /** Nothing can go on: what the replica decided cannot be kept, for example. */
  readonly onFault: (error: unknown) => void;
}

// A disk that is full, or a folder without a right, is seldom mended within less.
const RETRY_MS = 5_000;

/** Hands what happens to the replica, and what it wants to whoever does it. */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #inline = new InlineBytes();
  readonly #gate: EntryGate;
  readonly #beginGate: BeginGate;
  readonly #unpacker = new Unpacker((link, bytes) => this.#options.hands.fetcher.take(link, bytes));
  /** Finished files, until they are put where they belong. */
  readonly #files = new Map<EntryPath, string>();
  readonly #changes = new Map<EntryPath, Change>();
  readonly #links = new Map<ReplicaId, Link>();
  readonly #settled: SettledSoon;
  readonly #later: Later;
  readonly #askAgain = new AskAgain();
  #isClosed = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
    const { replica, rarely } = options;
    this.#gate = new EntryGate(replica.paths, (path) => replica.held(path)?.entry);
    this.#beginGate = new BeginGate(replica, rarely);
    this.#later = new Later(options.clock);
    this.#settled = new SettledSoon(options.clock, (peer, upTo) => this.#tellSettled(peer, upTo), options.onFault);
  }

  /** The link to a peer. */
  linkTo(peer: ReplicaId): Link | undefined {
    return this.#links.get(peer);
  }

  /** Something has happened. */
  handle(event: ShareEvent): void {
    if (this.#isClosed) return;
    const { replica, clock } = this.#options;
    try {
      for (const effect of replica.handle(event, clock.now())) this.#do(effect);
    } catch (error) {
      // What was decided may be half done: only the journal still says what is true, and who begins anew reads it.
      this.#options.onFault(error);
    }
  }

  /** A peer is there: it is told how far it has been heard. */
  up(link: Link): void {
    const peer = link.peer.replica;
    this.#links.set(peer, link);
    const { living: holds, forgotten } = this.#options.replica;
    this.#beginGate.tell(link);
    link.send({ kind: 'begin', heard: this.#options.replica.settledOf(peer), holds, forgotten });
  }

  /** A peer is gone. */
  down(link: Link): void {
    const { fetcher, giver, teller } = this.#options.hands;
    const peer = link.peer.replica;
    if (this.#links.get(peer) !== link) return;
    this.#links.delete(peer);
    this.#askAgain.forgetPeer(peer);
    teller.down(link);
    giver.down(link);
    this.handle({ kind: 'disconnected', peer });
    fetcher.down(link);
  }

  /** A peer takes more again. */
  drain(link: Link): void {
    this.#options.hands.teller.drain(link);
    this.#options.hands.giver.drain(link).catch((error: unknown) => this.#mishear(link, error));
  }

  /** A peer says something. Whatever that is, and whatever is wrong with this program, it costs no more than the link. */
  hear(link: Link, message: Exclude<Message, Hello>): void {
    this.#hear(link, message).catch((error: unknown) => this.#mishear(link, error));
  }

  /** A content has come, or lay on this disk. */
  fetched(path: EntryPath, id: ContentId, file: string): void {
    this.#keepFile(path, file);
    this.#askAgain.forget(path);
    this.handle({ kind: 'fetched', path, id });
  }

  /** A change of the disk came to an end. */
  applied(path: EntryPath, outcome: Applied): void {
    const change = this.#changes.get(path);
    this.#changes.delete(path);
    if (change !== undefined) this.#options.onApplied(change, outcome);
    this.handle({ kind: 'applied', path, outcome });
    if (outcome.result === 'failed') this.#retryLater(path);
  }

  /**
   * A peer says that it has not got now what it told for a path. It may have been touched by somebody, and be the same when it is
   * looked at: then nothing is told anew, and it is asked again.
   */
  gone(path: EntryPath, id: ContentId, peer: ReplicaId): void {
    this.handle({ kind: 'missing', path, id, peer });
    this.#later.after(this.#askAgain.gone(path, id, peer), () => this.handle({ kind: 'there', path, id, peer }));
  }

  /** Something that was to come to a path cannot. */
  failed(path: EntryPath, reason: string): void {
    // A change that has begun says itself how it ended. Of a path that nobody has told, nothing is to come.
    if (this.#changes.has(path) || !this.#options.replica.paths.has(path)) return;
    this.handle({ kind: 'applied', path, outcome: { result: 'failed', reason } });
    this.#retryLater(path);
  }

  /** Nothing is done any more. What was settled is kept. */
  close(): void {
    this.#settled.tellAll();
    this.#isClosed = true;
    this.#later.cancelAll();
  }

  async #hear(link: Link, message: Exclude<Message, Hello>): Promise<void> {
    const { fetcher, giver, teller } = this.#options.hands;
    switch (message.kind) {
      case 'begin':
        this.#begin(link, message);
        return;
      case 'entries':
        this.#hearEntries(link, message);
        return;
      case 'settled':
        teller.settled(link, message.upTo);
        this.handle({ kind: 'acknowledged', peer: link.peer.replica, upTo: message.upTo });
        return;
      case 'ask':
        return giver.ask(link, message);
      case 'bytes':
        return this.#unpacker.take(link, message);
      case 'gone':
        fetcher.gone(link, message.request);
        return;
      case 'draft':
      case 'draft-chunks':
      case 'draft-end':
        fetcher.hearDraft(link, message);
        return;
      case 'ping':
      case 'pong':
      case 'bye':
        // The link's own.
        return;
    }
  }

  /** Nobody has thought of what went wrong; it would again, with each such message. */
  #mishear(link: Link, error: unknown): void {
    if (error instanceof JournalError) this.#options.onFault(error);
    // What came in the same piece may have failed as well.
    if (error instanceof JournalError || this.#links.get(link.peer.replica) !== link) return;
    this.#options.onMisheard(link, error);
    this.#options.onHarm(link, 'What it said could not be dealt with');
  }

  #begin(link: Link, begin: Begin): void {
    const decision = this.#beginGate.take(link, begin, this.#options.clock.now());
    if (decision.kind === 'refuse') {
      this.#options.onHarm(link, decision.why);
    } else if (decision.kind === 'again') {
      link.close('refused', 'A deletion was forgotten just now: once more');
    } else {
      this.handle({ kind: 'connected', peer: link.peer.replica, heard: begin.heard, forgotten: begin.forgotten });
      this.#options.hands.teller.begin(link, begin);
    }
  }

  #hearEntries(link: Link, { entries, upTo, isAll }: Entries): void {
    const decision = this.#gate.take(link.peer.address, entries, this.#options.clock.now());
    if (decision.kind === 'refuse') {
      this.#options.onHarm(
        link,
        `It tells more than ${wireLimits.shareEntries.toLocaleString('en')} files and folders`,
      );
      return;
    }
    if (decision.pauseMs > 0) {
      link.pause();
      this.#later.after(decision.pauseMs, () => link.resume());
    }
    this.#inline.during(entries, () => this.handle({ kind: 'heard', peer: link.peer.replica, entries, upTo, isAll }));
  }

  #do(effect: ShareEffect): void {
    const { hands } = this.#options;
    switch (effect.kind) {
      case 'save':
        hands.save(effect);
        return;
      case 'tell':
        hands.teller.tell();
        return;
      case 'settled':
        this.#settled.add(effect.peer, effect.upTo);
        return;
      case 'fetch':
        if (this.#refuses(effect.path)) return;
        this.#options.onWanted(effect.path);
        hands.fetcher.want(effect, this.#inline.take(effect.content.id));
        return;
      case 'forget-fetch':
        hands.fetcher.forget(effect.path);
        this.#keepFile(effect.path, undefined);
        return;
      case 'apply':
        if (!this.#refuses(effect.path)) this.#apply(effect);
        return;
      case 'look':
        hands.look(effect.path);
        return;
      case 'renew':
        this.#isClosed = true;
        hands.renew(effect.peer);
        return;
      case 'met':
        hands.meet(effect);
        return;
      case 'forget':
        hands.forget(effect.path, effect.number);
        return;
    }
  }

  #refuses(path: EntryPath): boolean {
    const reason = this.#options.objectionTo?.(path);
    if (reason === undefined) return false;
    // Not now: what the replica wants done is done to its end before it hears of anything else.
    setImmediate(() => this.handle({ kind: 'applied', path, outcome: { result: 'failed', reason } }));
    return true;
  }

  #apply(change: Change): void {
    const file = this.#files.get(change.path);
    this.#files.delete(change.path);
    this.#changes.set(change.path, change);
    this.#options.hands.apply(change, file);
  }

  #keepFile(path: EntryPath, file: string | undefined): void {
    const before = this.#files.get(path);
    if (before !== undefined) this.#options.hands.leave(before);
    if (file === undefined) this.#files.delete(path);
    else this.#files.set(path, file);
  }

  #tellSettled(peer: ReplicaId, upTo: number): void {
    if (this.#isClosed) return;
    this.#options.hands.settle(peer, upTo);
    this.#links.get(peer)?.send({ kind: 'settled', upTo });
  }

  #retryLater(path: EntryPath): void {
    this.#later.after(RETRY_MS, () => this.handle({ kind: 'retry', path }));
  }
}
