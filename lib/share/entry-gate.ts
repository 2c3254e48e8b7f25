import { Allowance } from './allowance.ts';
import type { EntryPath } from './model/entry.ts';
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

/** Bounds what entries of peers cost: how many there are in all, and how fast they change. */
export class EntryGate {
  readonly #known: KnownPaths;
  /** By addresses: whoever breaks off and comes again, under whatever id, has no new one. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(known: KnownPaths) {
    this.#known = known;
  }

  /**
   * Some entries have come.
   *
   * @param address of whoever tells them
   * @param now milliseconds
   */
  take(address: string, entries: readonly ToldEntry[], now: number): GateDecision {
    const { count } = this.#known;
    if (count + entries.length > wireLimits.shareEntries && count + this.#news(entries) > wireLimits.shareEntries) {
      return { kind: 'refuse' };
    }
    let allowance = this.#allowances.get(address);
    if (allowance === undefined) {
      allowance = new Allowance(wireLimits.entriesPerSecond, now);
      this.#allowances.set(address, allowance);
    }
    // Two peers that meet for the first time tell each other all, and that is to be as fast as can be.
    return { kind: 'take', pauseMs: allowance.take(entries.length, wireLimits.entriesAtOnce + count, now) };
  }

  #news(entries: readonly ToldEntry[]): number {
    return new Set(entries.map(({ entry }) => entry.path).filter((path) => !this.#known.has(path))).size;
  }
}
