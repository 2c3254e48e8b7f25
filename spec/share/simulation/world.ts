import { type EntryPath, parentOf } from '../../../lib/share/model/entry.ts';
import { type SeededRandom, seededRandom } from '../../support/seeded-random.ts';
import { Gone } from './gone.ts';
import { type Crash, type Message, VirtualPeer } from './virtual-peer.ts';

/** Something that happens from outside. Numbers choose among what there is, whatever their size. */
export type Step =
  | {
      readonly kind: 'write' | 'append' | 'touch' | 'chmod' | 'mkdir' | 'remove';
      readonly peer: number;
      readonly path: number;
    }
  | { readonly kind: 'rename'; readonly peer: number; readonly path: number; readonly to: number }
  | { readonly kind: 'look' | 'sync' | 'retry' | 'away' | 'tidy'; readonly peer: number }
  /** Until all comes to rest for good, a disk does not take something. */
  | { readonly kind: 'refuse'; readonly peer: number; readonly path: number }
  /** Nobody does anything for so many days, and then all tidy up, or nobody does yet. */
  | { readonly kind: 'wait' | 'sleep'; readonly days: number }
  | { readonly kind: 'link' | 'cut'; readonly peer: number; readonly other: number }
  | { readonly kind: 'crash'; readonly peer: number; readonly how: Crash }
  /** Let all that is on its way come to its end. */
  | { readonly kind: 'rest' }
  /** Let so many of the things happen that are on their way. */
  | { readonly kind: 'go'; readonly turns: number };

/** A run of the simulation. */
export interface Story {
  readonly peers: number;
  readonly seed: number;
  /** Of the clock of each peer, in hours. */
  readonly skews: readonly number[];
  readonly steps: readonly Step[];
}

/** Few, so that peers meet at them. */
const PATHS: readonly EntryPath[] = ['a', 'b', 'd', 'd/x', 'd/y', 'd/e', 'd/e/z', 'b/x'];

const HOUR_MS = 3_600_000;
const BEGIN_MS = 1_790_000_000_000;

// A run of some fifty steps settles within a few hundred turns: who takes so many goes round in circles.
const MOST_TURNS = 20_000;

/** Two to five peers, their disks, the links between them, and what their users do. */
export class World {
  readonly peers: readonly VirtualPeer[];
  /** Texts that a replica has seen and that no user has replaced or deleted since where they lay. */
  readonly unreplaced = new Set<string>();
  /** What users did to files with a text: one word each. */
  readonly deeds = new Map<string, string[]>();
  /** Texts that lay, or were written, where somebody had or deleted another one: who hears of both makes a version of its own of what exists. */
  readonly disputed = new Set<string | undefined>();
  isForgetful = false;
  readonly gone = new Gone();
  readonly #random: SeededRandom;
  readonly #lines = new Map<string, Message[]>();
  readonly #up = new Set<string>();
  /** Who is to begin anew. */
  readonly #renewed = new Set<number>();
  /** Links that are to be made anew. */
  readonly #stale: (readonly [number, number])[] = [];
  /** Who is back from a backup, and has not begun anew since. */
  readonly #restored = new Set<number>();
  /** Who began anew without that. */
  readonly renewedForNothing: number[] = [];
  /** How often somebody told all anew, and how often a link was made anew. */
  retold = 0;
  relinked = 0;
  #now = BEGIN_MS;
  #texts = 0;
  #waitedDays = 0;

  constructor({ peers, seed, skews }: Story) {
    this.#random = seededRandom(seed);
    this.peers = Array.from({ length: peers }, (_, index) => {
      const post = (to: number, message: Message) => this.#lines.get(`${index}>${to}`)?.push(message);
      const onSeen = (text: string) => void (this.deeds.get(text)?.includes('replaced') || this.unreplaced.add(text));
      const onRenew = () => {
        this.#renewed.add(index);
        if (!this.#restored.delete(index)) this.renewedForNothing.push(index);
      };
      // Who was away for too long brings back what was deleted meanwhile; clocks differ by a day either way.
      const onRetold = () => {
        this.retold += 1;
        if (this.#waitedDays >= 178) this.isForgetful = true;
      };
      const onStale = (other: number) => void this.#stale.push([index, other]);
      const skewMs = (skews[index] ?? 0) * HOUR_MS;
      return new VirtualPeer({ index, skewMs, post, random: this.#random, onSeen, onRenew, onRetold, onStale });
    });
    for (const index of this.peers.keys()) for (let other = 0; other < index; other += 1) this.#linkUp(index, other);
  }

  /** Let a step happen. */
  take(step: Step): void {
    this.#now += 1 + this.#random.integer(3000);
    if ('days' in step) this.#now += step.days * 24 * HOUR_MS;
    for (const peer of this.peers) peer.setTime(this.#now);
    if (step.kind === 'rest') {
      this.settle();
      this.gone.begin();
      return;
    }
    if ('days' in step) {
      this.#waitedDays += step.days;
      this.#comeToEnd();
      if (step.kind === 'wait') for (const peer of this.peers) peer.tidy();
      return;
    }
    if (step.kind === 'go') {
      for (let turn = 0; turn < step.turns; turn += 1) this.#turn();
      return;
    }
    const index = step.peer % this.peers.length;
    const peer = this.peers[index] as VirtualPeer;
    if (step.kind === 'look') peer.look('');
    else if (step.kind === 'sync') peer.sync();
    else if (step.kind === 'retry') peer.retry();
    else if (step.kind === 'tidy') peer.tidy();
    else if (step.kind === 'refuse') this.#refuse(peer, PATHS[step.path % PATHS.length] as EntryPath);
    else if (step.kind === 'away') for (const other of this.peers.keys()) this.#link(index, other, 'cut');
    else if (step.kind === 'crash') this.#crash(index, step.how);
    else if (step.kind === 'link' || step.kind === 'cut') this.#link(index, step.other % this.peers.length, step.kind);
    else if ('path' in step) this.#use(peer, step);
  }

  /** All links come up, and all that is on its way comes to its end. @throws Error when it does not */
  settle(): void {
    for (const peer of this.peers) peer.refused.clear();
    for (const index of this.peers.keys())
      for (let other = 0; other < index; other += 1) this.#link(index, other, 'link');
    for (const _ of [1, 2, 3]) {
      for (const peer of this.peers) peer.look('');
      this.#comeToEnd();
    }
  }

  #comeToEnd(): void {
    for (let turns = 0; this.#turn(); turns += 1) if (turns > MOST_TURNS) throw new Error('it goes on for ever');
  }

  /** One of the things that can happen next happens. @returns whether there was one */
  #turn(): boolean {
    const hasHappened = this.#happen();
    for (const index of this.#renewed) this.#renew(index);
    this.#renewed.clear();
    for (const [index, other] of this.#stale.splice(0)) {
      this.relinked += 1;
      this.#link(index, other, 'cut');
      this.#link(index, other, 'link');
    }
    return hasHappened;
  }

  #happen(): boolean {
    const lines = [...this.#lines.entries()].filter(([, messages]) => messages.length > 0);
    const busy = this.peers.filter(({ pending }) => pending.length > 0);
    const failed = this.peers.filter((peer) => peer.failed.length > 0);
    const count = lines.length + busy.length;
    if (count === 0 && failed.length === 0) return false;
    this.#now += 1;
    for (const peer of this.peers) peer.setTime(this.#now);
    if (count === 0) this.#random.pick(failed).retry();
    else if (this.#random.integer(count) < lines.length) this.#deliver(this.#random.pick(lines));
    else {
      const { pending } = this.#random.pick(busy);
      pending.splice(this.#random.integer(pending.length), 1)[0]?.();
    }
    return true;
  }

  #deliver([line, messages]: readonly [string, Message[]]): void {
    const [from = 0, to = 0] = line.split('>').map(Number);
    const message = messages.shift();
    if (message !== undefined) this.peers[to]?.hear(from, message);
  }

  #link(a: number, b: number, kind: 'link' | 'cut'): void {
    if (a === b) return;
    const isUp = this.#up.has(nameOf(a, b));
    if (kind === 'cut' && isUp) this.#linkDown(a, b);
    if (kind === 'link' && !isUp) this.#linkUp(a, b);
  }

  #linkUp(a: number, b: number): void {
    this.#up.add(nameOf(a, b));
    for (const line of [`${a}>${b}`, `${b}>${a}`]) this.#lines.set(line, []);
    this.peers[a]?.linkUp(b);
    this.peers[b]?.linkUp(a);
  }

  #linkDown(a: number, b: number): void {
    this.#up.delete(nameOf(a, b));
    for (const line of [`${a}>${b}`, `${b}>${a}`]) this.#lines.delete(line);
    this.peers[a]?.linkDown(b);
    this.peers[b]?.linkDown(a);
  }

  #crash(index: number, how: Crash): void {
    for (const other of this.peers.keys()) this.#link(index, other, 'cut');
    if (how !== 'process') this.isForgetful = true;
    if (how === 'backup') this.#restored.add(index);
    this.peers[index]?.crash(how);
    for (const other of this.peers.keys()) this.#link(index, other, 'link');
  }

  #refuse(peer: VirtualPeer, path: EntryPath): void {
    peer.refused.add(path);
    // It shows others what was deleted elsewhere long ago: who deleted something else there takes it for new.
    this.isForgetful = true;
  }

  /** As a program does that begins anew: its connections are made again at once. */
  #renew(index: number): void {
    const others = [...this.peers.keys()].filter((other) => this.#up.has(nameOf(index, other)));
    for (const other of others) this.#linkDown(index, other);
    this.peers[index]?.renew();
    for (const other of others) this.#linkUp(index, other);
  }

  #use({ disk, now }: VirtualPeer, step: Extract<Step, { path: number }>): void {
    const path = PATHS[step.path % PATHS.length] as EntryPath;
    const { type } = disk.see(path);
    if (!disk.isFolder(parentOf(path))) return;
    if (step.kind !== 'remove') this.gone.used(path);
    if (step.kind === 'rename') this.gone.used(PATHS[step.to % PATHS.length] as EntryPath);
    const before = disk.textAt(path) ?? '';
    if (step.kind === 'mkdir' && type === 'deleted') disk.makeFolder(path);
    else if (step.kind === 'write' && type !== 'directory') this.#write(disk, path, now, '');
    else if (step.kind === 'append' && type === 'file') this.#write(disk, path, now, before);
    else if (step.kind === 'remove' && type !== 'deleted') this.#remove(disk, path);
    else if ((step.kind === 'touch' || step.kind === 'chmod') && type === 'file')
      this.#mark(disk, path, now, step.kind);
    else if (step.kind === 'rename' && type === 'file')
      this.#rename(disk, path, PATHS[step.to % PATHS.length] as EntryPath);
  }

  #write(disk: VirtualPeer['disk'], path: EntryPath, now: number, before: string): void {
    this.#texts += 1;
    const replaced = disk.textAt(path);
    if (this.peers.some(({ disk: other }) => other.textAt(path) !== replaced)) {
      this.disputed.add(`${before}<${this.#texts}>`);
    }
    this.#replaced(replaced);
    disk.write(path, `${before}<${this.#texts}>`, now, false);
  }

  #remove(disk: VirtualPeer['disk'], path: EntryPath): void {
    for (const below of [...disk.below(path), path]) {
      const text = disk.textAt(below);
      this.#dispute(below, text);
      this.#replaced(text);
      disk.remove(below);
      this.gone.removed(below);
    }
  }

  #mark(disk: VirtualPeer['disk'], path: EntryPath, now: number, kind: 'touch' | 'chmod'): void {
    const seen = disk.see(path);
    const text = disk.textAt(path);
    if (seen.type !== 'file' || text === undefined) return;
    this.#did(text, kind);
    this.#dispute(path, text);
    if (kind === 'touch') disk.write(path, text, now, seen.isExecutable);
    else disk.write(path, text, seen.mtimeMs, !seen.isExecutable);
  }

  /** Others have another text where somebody does something to this one. */
  #dispute(path: EntryPath, text: string | undefined): void {
    for (const { disk } of this.peers) if (disk.textAt(path) !== text) this.disputed.add(disk.textAt(path));
  }

  #rename(disk: VirtualPeer['disk'], path: EntryPath, to: EntryPath): void {
    if (path === to || disk.see(to).type === 'directory' || !disk.isFolder(parentOf(to)) || parentOf(to) === path)
      return;
    this.#did(disk.textAt(path) ?? '', 'renamed');
    this.#replaced(disk.textAt(to));
    disk.rename(path, to);
  }

  #replaced(text: string | undefined): void {
    if (text === undefined || text === '') return;
    this.#did(text, 'replaced');
    this.unreplaced.delete(text);
  }

  #did(text: string, deed: string): void {
    this.deeds.set(text, [...(this.deeds.get(text) ?? []), deed]);
  }
}

function nameOf(a: number, b: number): string {
  return [a, b].sort().join('-');
}
