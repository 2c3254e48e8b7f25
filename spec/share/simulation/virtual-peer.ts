import { type Content, type EntryPath, exists, isSameContent, NO_STAMP } from '../../../lib/share/model/entry.ts';
import type { ReplicaId } from '../../../lib/share/model/version.ts';
import type { Applied, Change, NumberedEntry, ShareEffect, ShareEvent } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { begunIn, type Kept, savedIn } from './kept.ts';
import { VirtualDisk } from './virtual-disk.ts';

/** What peers say to each other. */
export type Message =
  | { readonly kind: 'hello'; readonly id: ReplicaId }
  | { readonly kind: 'begin'; readonly heard: number; readonly forgotten: number }
  | {
      readonly kind: 'entries';
      readonly entries: readonly NumberedEntry[];
      readonly upTo: number;
      readonly isAll: boolean;
    }
  | { readonly kind: 'settled'; readonly upTo: number }
  | { readonly kind: 'ask'; readonly path: EntryPath; readonly id: string }
  | { readonly kind: 'bytes'; readonly path: EntryPath; readonly id: string; readonly text: string | undefined };

/** Takes a message on its way to another peer; lost while there is no link. */
export type Post = (to: number, message: Message) => void;

/** What a crash leaves. */
export type Crash = 'process' | 'power' | 'database' | 'backup';

const MOST_ENTRIES = 3;

/** A peer with its disk: does what its replica wants, in any order. */
export class VirtualPeer {
  readonly disk = new VirtualDisk();
  /** What can be done next; the order is up to whoever runs it. */
  pending: (() => void)[] = [];
  replica: Replica;
  /** Milliseconds that its clock is ahead. */
  readonly skewMs: number;
  /** Texts that were written here by hand and seen by the replica. */
  readonly onSeen: (text: string) => void;
  /** It has to begin anew, under another id. */
  readonly #onRenew: () => void;
  /** It tells all anew: it was away for too long. */
  readonly #onRetold: () => void;
  readonly #index: number;
  readonly #post: Post;
  readonly #random: SeededRandom;
  #kept: Kept[] = [];
  #synced = 0;
  #now = 0;
  #ids = 0;
  /** Paths that its disk does not take for the time being. */
  readonly refused = new Set<EntryPath>();
  /** Up to which number deletions were forgotten here when who is at the other end of a link was told so. */
  readonly #forgotten = new Map<number, number>();
  /** A link is to be made anew. */
  readonly #onStale: (other: number) => void;
  /** Who is at the other end of the links that are up. */
  readonly #linked = new Map<number, ReplicaId | undefined>();
  /** By their ids. */
  readonly #texts = new Map<string, string>();

  constructor(options: {
    index: number;
    skewMs: number;
    post: Post;
    random: SeededRandom;
    onSeen: (text: string) => void;
    onRenew: () => void;
    onRetold: () => void;
    onStale: (other: number) => void;
  }) {
    this.#index = options.index;
    this.skewMs = options.skewMs;
    this.#post = options.post;
    this.#random = options.random;
    this.onSeen = options.onSeen;
    this.#onRenew = options.onRenew;
    this.#onRetold = options.onRetold;
    this.#onStale = options.onStale;
    this.replica = new Replica({ id: this.#newId() });
  }

  get id(): ReplicaId {
    return this.replica.id;
  }

  /** Time goes on. */
  setTime(now: number): void {
    this.#now = now + this.skewMs;
  }

  get now(): number {
    return this.#now;
  }

  /** All of what was kept is on the disk now. */
  sync(): void {
    this.#synced = this.#kept.length;
  }

  /** Look at a path, above it and below. */
  look(path: EntryPath): void {
    const held = [...this.replica.allHeld()]
      .filter(({ entry }) => exists(entry.content))
      .map(({ entry }) => entry.path);
    const isBelow = (other: EntryPath) =>
      path === '' || other === path || other.startsWith(`${path}/`) || path.startsWith(`${other}/`);
    const there = this.disk.paths.filter(isBelow);
    const gone = held.filter(isBelow).filter((other) => !there.includes(other));
    for (const other of [...gone.sort().reverse(), ...there, path]) if (other !== '') this.#find(other);
  }

  linkUp(other: number): void {
    this.#linked.set(other, undefined);
    this.#post(other, { kind: 'hello', id: this.id });
  }

  linkDown(other: number): void {
    const id = this.#linked.get(other);
    this.#linked.delete(other);
    if (id !== undefined) this.#handle({ kind: 'disconnected', peer: id });
  }

  hear(from: number, message: Message): void {
    if (message.kind === 'hello') {
      this.#linked.set(from, message.id);
      this.#forgotten.set(from, this.replica.forgotten);
      this.#post(from, {
        kind: 'begin',
        heard: this.replica.settledOf(message.id),
        forgotten: this.replica.forgotten,
      });
      return;
    }
    const peer = this.#linked.get(from);
    if (peer !== undefined) this.#hearFrom(peer, from, message);
  }

  #hearFrom(peer: ReplicaId, from: number, message: Exclude<Message, { kind: 'hello' }>): void {
    switch (message.kind) {
      case 'begin':
        this.#begin(peer, from, message);
        return;
      case 'entries':
        this.#handle({ ...message, kind: 'heard', peer });
        return;
      case 'settled':
        this.#handle({ kind: 'acknowledged', peer, upTo: message.upTo });
        return;
      case 'ask':
        this.#post(from, { ...message, kind: 'bytes', text: this.#give(message.id) });
        return;
      case 'bytes':
        this.#take(peer, message);
        return;
    }
  }

  /** A file may have been touched by somebody, and be what it was when it was looked at again. */
  #give(id: string): string | undefined {
    const text = this.#random.chance(0.1) ? undefined : this.disk.findText(id);
    if (text === undefined) this.pending.push(() => this.#lookFor(id));
    return text;
  }

  #lookFor(id: string): void {
    const held = [...this.replica.allHeld()].map(({ entry }) => entry);
    for (const { path, content } of held) if (content.type === 'file' && content.id === id) this.look(path);
  }

  #begin(peer: ReplicaId, from: number, begin: Extract<Message, { kind: 'begin' }>): void {
    if (this.#isStale(from, begin.heard)) {
      this.#onStale(from);
      return;
    }
    this.#handle({ ...begin, kind: 'connected', peer });
    this.#tell(from);
  }

  /** A deletion was forgotten of which who begins has not heard, and since it was told how many were. */
  #isStale(other: number, heard: number): boolean {
    const { forgotten } = this.replica;
    return forgotten > (this.#forgotten.get(other) ?? 0) && heard < forgotten;
  }

  /** Everything in memory is gone, and begins anew from what was kept. */
  crash(kind: Crash): void {
    this.#forget();
    if (kind === 'power' || kind === 'backup') this.#kept.length = Math.min(this.#kept.length, this.#synced);
    if (kind === 'database') this.#kept = [];
    // Who may have forgotten what it told is somebody else from then on; who is back from a backup does not know that it has.
    this.#restart(kind === 'process' || kind === 'backup' ? this.id : this.#newId());
    if (kind === 'process' || kind === 'backup') this.#recover();
    this.look('');
  }

  /** Everything in memory is gone, and begins anew under another id. */
  renew(): void {
    this.#forget();
    this.#restart(this.#newId());
    this.#recover();
    this.look('');
  }

  #forget(): void {
    this.pending = [];
    this.#texts.clear();
    this.#linked.clear();
  }

  #restart(id: ReplicaId): void {
    if (id !== this.id) {
      // As another one it has met nobody.
      this.#kept = this.#kept.filter((kept) => !('settled' in kept || 'told' in kept || 'met' in kept));
      this.#synced = this.#kept.length;
    }
    const saved = savedIn(this.#kept);
    const settled = this.#kept.flatMap((kept) => ('settled' in kept ? [kept.settled] : []));
    const told = this.#kept.flatMap((kept) => ('told' in kept ? [kept.told] : []));
    const forgotten = Math.max(0, ...this.#kept.map((kept) => ('forgotten' in kept ? kept.forgotten.number : 0)));
    const met = this.#kept.flatMap((kept) => ('met' in kept ? [[kept.met.peer, kept.met.forgotten] as const] : []));
    this.replica = new Replica({ id, saved, settled, told, met, forgotten });
  }

  /** A change that was begun and is done counts as done. */
  #recover(): void {
    for (const { path, to, entry } of begunIn(this.#kept)) {
      const { stamp, ...content } = this.disk.see(path);
      if (!isSameContent(content, to) || this.replica.held(path)?.stamp === stamp) continue;
      const last = Math.max(0, ...[...this.replica.allHeld()].map(({ number }) => number));
      this.#kept.push({ saved: { entry, stamp, number: last + 1 } });
      this.#restart(this.id);
    }
    for (const { path } of begunIn(this.#kept)) this.#kept.push({ withdrawn: path });
  }

  /** Forget deletions of long ago. */
  tidy(): void {
    this.#handle({ kind: 'tidy' });
  }

  /** What failed, and may be tried again. */
  get failed(): readonly EntryPath[] {
    const failed = [...this.replica.tasks()].filter(({ step }) => step === 'failed');
    return failed.map(({ entry }) => entry.path).filter((path) => !this.refused.has(path));
  }

  /** Try again what failed. */
  retry(): void {
    for (const path of this.failed) this.#handle({ kind: 'retry', path });
  }

  #find(path: EntryPath): void {
    const seen = this.disk.see(path);
    const text = this.disk.textAt(path);
    const before = this.replica.held(path);
    this.#handle({ kind: 'found', path, seen });
    const after = this.replica.held(path);
    if (seen.type === 'file' && text !== undefined && after !== before && after?.stamp === seen.stamp)
      this.onSeen(text);
  }

  #handle(event: ShareEvent): void {
    for (const effect of this.replica.handle(event, this.#now)) this.#do(effect);
  }

  #do(effect: ShareEffect): void {
    switch (effect.kind) {
      case 'save':
        this.#kept.push({ saved: effect.saved });
        return;
      case 'tell':
        for (const other of this.#linked.keys()) this.pending.push(() => this.#tell(other));
        return;
      case 'settled':
        this.#kept.push({ settled: [effect.peer, effect.upTo] });
        for (const [other, id] of this.#linked) {
          if (id === effect.peer) this.#post(other, { kind: 'settled', upTo: effect.upTo });
        }
        return;
      case 'fetch':
        this.pending.push(() => this.#fetch(effect));
        return;
      case 'forget-fetch':
        // An answer that is on its way is of no harm.
        return;
      case 'apply':
        this.pending.push(() => this.#apply(effect));
        return;
      case 'look':
        this.pending.push(() => this.look(effect.path));
        return;
      case 'renew':
        this.#onRenew();
        return;
      case 'met':
        this.#kept.push({ met: effect });
        if (effect.retold !== undefined) this.#onRetold();
        return;
      case 'forget':
        this.#kept.push({ forgotten: effect });
    }
  }

  #tell(other: number): void {
    const peer = this.#linked.get(other);
    if (peer === undefined) return;
    let room = MOST_ENTRIES;
    const excerpt = this.replica.entriesFor(peer, () => --room >= 0);
    if (excerpt === undefined) return;
    const entries = excerpt.entries.map(({ entry, number }) => ({ entry, number }));
    this.#kept.push({ told: [peer, excerpt.upTo] });
    this.#post(other, { kind: 'entries', entries, upTo: excerpt.upTo, isAll: excerpt.isAll });
    if (!excerpt.isAll) this.pending.push(() => this.#tell(other));
  }

  #fetch({ path, content, peers }: Extract<ShareEffect, { kind: 'fetch' }>): void {
    const text = this.disk.findText(content.id);
    if (text !== undefined) {
      this.#got(path, content.id, text);
      return;
    }
    const from = [...this.#linked].filter(([, id]) => id !== undefined && peers.includes(id)).map(([other]) => other);
    if (from.length > 0) this.#post(this.#random.pick(from), { kind: 'ask', path, id: content.id });
  }

  #take(peer: ReplicaId, { path, id, text }: Extract<Message, { kind: 'bytes' }>): void {
    if (text === undefined) {
      this.#handle({ kind: 'missing', path, id, peer });
      this.pending.push(() => this.#handle({ kind: 'there', path, id, peer }));
    } else this.#got(path, id, text);
  }

  #got(path: EntryPath, id: string, text: string): void {
    this.#texts.set(id, text);
    this.#handle({ kind: 'fetched', path, id });
  }

  #apply(change: Change): void {
    this.#kept.push({ begun: change });
    const outcome = this.#changeDisk(change);
    if (outcome.result !== 'done') this.#kept.push({ withdrawn: change.path });
    // At once: what became of a change is kept before anything else happens in the process.
    this.#handle({ kind: 'applied', path: change.path, outcome });
  }

  #changeDisk({ path, from, to, saveAs }: Change): Applied {
    if (this.refused.has(path) || this.#random.chance(0.05)) return { result: 'failed', reason: 'no luck' };
    const { disk } = this;
    const seen = disk.see(path);
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const isEmptied = to.type === 'directory' || disk.below(path).length === 0;
    const isExpected =
      seen.type === from.content.type && seen.stamp === (seen.type === 'deleted' ? NO_STAMP : from.stamp);
    if (!isExpected || !isEmptied || (exists(to) && !disk.isFolder(parent))) return { result: 'changed' };
    const text = disk.textAt(path);
    if (saveAs !== undefined) {
      if (disk.see(saveAs).type === 'deleted') disk.rename(path, saveAs);
      else if (disk.textAt(saveAs) !== text) return { result: 'failed', reason: 'the other name is taken' };
    }
    if (seen.type !== to.type) disk.remove(path);
    this.#put(path, to, text);
    const saved = saveAs === undefined ? {} : { saved: { path: saveAs, stamp: disk.see(saveAs).stamp } };
    return { result: 'done', stamp: disk.see(path).stamp, ...saved };
  }

  #put(path: EntryPath, to: Content, before: string | undefined): void {
    if (to.type === 'directory') {
      if (!this.disk.isFolder(path)) this.disk.makeFolder(path);
    } else if (to.type === 'file') {
      const text = this.#texts.get(to.id) ?? before;
      if (text === undefined) throw new Error(`there are no bytes for ${path}`);
      this.disk.write(path, text, to.mtimeMs, to.isExecutable);
    }
  }

  #newId(): ReplicaId {
    this.#ids += 1;
    return `${this.#index}`.repeat(8) + `${this.#ids}`.padStart(8, '0');
  }
}
