import { Allowance } from './allowance.ts';
import type { Link } from './link/link.ts';
import { RARELY_MS, type Rarely } from './rarely.ts';
import type { Replica } from './replica/replica.ts';
import { wireLimits } from './wire/limits.ts';
import type { Begin } from './wire/message.ts';

const DAY_SECONDS = 24 * 60 * 60;

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
  /** By addresses. When this peer begins anew, it has met nobody, and these begin anew as well. */
  readonly #meetings = new Map<string, Allowance>();

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
    if (encounter === 'again') return { kind: 'take' };
    if (encounter === 'first') {
      return this.#mayMeet(link.peer.address, now)
        ? { kind: 'take' }
        : { kind: 'refuse', why: 'It comes as one new peer after the other' };
    }
    // By addresses: whoever comes again under another id has no new one.
    if (this.#rarely.may(`${encounter} ${link.peer.address}`, now)) return { kind: 'take' };
    const what = encounter === 'behind' ? 'has forgotten deletions' : 'has heard more than it was told';
    return { kind: 'refuse', why: `It says again, within ${RARELY_MS / 60_000} minutes, that it ${what}` };
  }

  /** What is remembered of a peer is remembered for ever, and who comes without encryption has as many ids as he likes. */
  #mayMeet(address: string, now: number): boolean {
    const meetings = this.#meetings.get(address) ?? new Allowance(wireLimits.meetingsPerDay / DAY_SECONDS, now);
    this.#meetings.set(address, meetings);
    const isAllowed = meetings.take(1, wireLimits.meetingsAtOnce, now) === 0;
    // Else who comes again each time when it may would not be let in any more.
    if (!isAllowed) meetings.take(-1, wireLimits.meetingsAtOnce, now);
    return isAllowed;
  }
}
