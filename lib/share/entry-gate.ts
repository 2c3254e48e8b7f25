import { Allowance } from './allowance.ts';
import { type Entry, type EntryPath, isSameContent } from './model/entry.ts';
import { relationOf } from './model/version.ts';
import { wireLimits } from './wire/limits.ts';
import type { ToldEntry } from './wire/message.ts';

/** What is to be done about entries that a peer has told. */
export type GateDecision =
  | { readonly kind: 'take' /** Milliseconds after which it may tell more. */; readonly pauseMs: number }
  /** More than anybody can keep: nothing of it is taken. */
  | { readonly kind: 'refuse' };

/** What is known here. */
export interface KnownPaths {
  /** Paths at which something is, was, or is to come. */
  readonly count: number;
  has(path: EntryPath): boolean;
}

// What is here already changes nothing and is kept nowhere: it costs a look. Told again it is after each break of the line, all
// of it behind the first thing that is still on its way; were that as dear as news, a large share would stand still for minutes.
const OF_WHAT_IS_HELD = wireLimits.entriesPerSecond / wireLimits.heldEntriesPerSecond;

/** Bounds what entries of peers cost: how many there are in all, and how fast they change. */
export class EntryGate {
  readonly #known: KnownPaths;
  readonly #heldAt: (path: EntryPath) => Entry | undefined;
  /** By addresses: whoever breaks off and comes again, under whatever id, has no new one. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(known: KnownPaths, heldAt: (path: EntryPath) => Entry | undefined) {
    this.#known = known;
    this.#heldAt = heldAt;
  }

  /**
   * Some entries have come.
   *
   * @param address of whoever tells them
   * @param now milliseconds
   */
  take(address: string, entries: readonly ToldEntry[], now: number): GateDecision {
    const { count } = this.#known;
    if (count + entries.length > wireLimits.shareEntries && count + this.#newPaths(entries) > wireLimits.shareEntries) {
      return { kind: 'refuse' };
    }
    let allowance = this.#allowances.get(address);
    if (allowance === undefined) {
      allowance = new Allowance(wireLimits.entriesPerSecond, now);
      this.#allowances.set(address, allowance);
    }
    // Two peers that meet for the first time tell each other all, and that is to be as fast as can be.
    return { kind: 'take', pauseMs: allowance.take(this.#costOf(entries), wireLimits.entriesAtOnce + count, now) };
  }

  #costOf(entries: readonly ToldEntry[]): number {
    const held = entries.filter(({ entry }) => this.#isHeld(entry)).length;
    return entries.length - held + held * OF_WHAT_IS_HELD;
  }

  /** With its content: of two that say the same version, one might else be put in the place of the other without end. */
  #isHeld({ path, version, content }: Entry): boolean {
    const held = this.#heldAt(path);
    return held !== undefined && isSameContent(held.content, content) && relationOf(held.version, version) === 'equal';
  }

  #newPaths(entries: readonly ToldEntry[]): number {
    return new Set(entries.map(({ entry }) => entry.path).filter((path) => !this.#known.has(path))).size;
  }
}
