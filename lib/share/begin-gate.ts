import type { Link } from './link/link.ts';
import { RARELY_MS, type Rarely } from './rarely.ts';
import type { Replica } from './replica/replica.ts';
import type { Begin } from './wire/message.ts';

/** What is to be done about a `begin`. */
export type BeginDecision =
  | { readonly kind: 'take' }
  /** It goes by what is not so any more: let the two begin anew. */
  | { readonly kind: 'again' }
  /** It does harm. */
  | { readonly kind: 'refuse'; readonly why: string };

/** Looks at what peers begin with: what it would cost, and whether it was said in time. */
export class BeginGate {
  readonly #replica: Pick<Replica, 'encounter' | 'forgotten'>;
  readonly #rarely: Rarely;
  /** Up to which number deletions were forgotten here when a peer was told so. */
  readonly #told = new WeakMap<Link, number>();
  readonly #begun = new WeakSet<Link>();

  constructor(replica: Pick<Replica, 'encounter' | 'forgotten'>, rarely: Rarely) {
    this.#replica = replica;
    this.#rarely = rarely;
  }

  /** A peer is told now up to which number deletions are forgotten here. */
  tell(link: Link): void {
    this.#told.set(link, this.#replica.forgotten);
  }

  /** A peer begins. @param now milliseconds */
  take(link: Link, begin: Begin, now: number): BeginDecision {
    // Each would have all entries told anew.
    if (this.#begun.has(link)) return { kind: 'refuse', why: 'It begins again and again' };
    this.#begun.add(link);
    const { forgotten } = this.#replica;
    // It would neither hear of the deletion that was forgotten since, nor that it was.
    if (begin.heard < forgotten && forgotten > (this.#told.get(link) ?? 0)) return { kind: 'again' };
    const encounter = this.#replica.encounter(link.peer.replica, begin);
    if (encounter === 'first' || encounter === 'again') return { kind: 'take' };
    // By addresses: whoever comes again under another id has no new one.
    if (this.#rarely.may(`${encounter} ${link.peer.address}`, now)) return { kind: 'take' };
    const what = encounter === 'behind' ? 'has forgotten deletions' : 'has heard more than it was told';
    return { kind: 'refuse', why: `It says again, within ${RARELY_MS / 60_000} minutes, that it ${what}` };
  }
}
