import type { Clock } from '../../base/clock.ts';
import type { Link } from '../link/link.ts';
import type { Links } from '../link/links.ts';
import type { PeerAddress } from '../link/peer-address.ts';

/** What is known of the machine at an address. */
export interface Acquaintance {
  readonly at: PeerAddress;
  /** As people write it. */
  readonly shown: string;
  /** The newest link to it; missing as long as it was not met. */
  readonly link?: Link;
  readonly isHere: boolean;
  /** Since when it is here, or away: milliseconds since 1970. */
  readonly sinceMs?: number;
  /** Why it went away. */
  readonly why?: string;
}

type Meeting = Pick<Acquaintance, 'link' | 'isHere' | 'sinceMs' | 'why'>;

/** Remembers which peers are here, and since when. */
export class Acquaintances {
  readonly #links: Pick<Links, 'contacts' | 'events'>;
  readonly #met = new Map<string, Meeting>();

  /** Before the links are started: it listens to what happens with them. */
  constructor(links: Pick<Links, 'contacts' | 'events'>, clock: Pick<Clock, 'now'>) {
    this.#links = links;
    links.events.on('up', (link) => {
      const contact = links.contacts.find((one) => one.link === link);
      if (contact === undefined) return;
      this.#forgetElsewhere(link.peer);
      this.#met.set(contact.shown, { link, isHere: true, sinceMs: clock.now() });
    });
    links.events.on('down', (link, why) => {
      for (const [shown, met] of this.#met) {
        if (met.link === link) this.#met.set(shown, { link, isHere: false, sinceMs: clock.now(), why });
      }
    });
  }

  /** Those that are configured, but for this machine itself. */
  get all(): readonly Acquaintance[] {
    const others = this.#links.contacts.filter(({ isSelf }) => !isSelf);
    return others.map(({ at, shown }) => ({ at, shown, ...(this.#met.get(shown) ?? { isHere: false }) }));
  }

  /** A machine may have two of the addresses: one that was met at both would count as two, and its copies twice as safe. */
  #forgetElsewhere({ replica, device }: Link['peer']): void {
    for (const [shown, { link }] of this.#met) {
      const isSameDevice = device !== undefined && link?.peer.device === device;
      if (isSameDevice || link?.peer.replica === replica) this.#met.delete(shown);
    }
  }
}
