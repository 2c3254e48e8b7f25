import type { ReplicaId } from '../model/version.ts';
import type { Contact } from './contact.ts';
import type { Objection } from './objection.ts';
import type { OpenLink } from './open-link.ts';

/** Longer than an answer takes over a busy line. Who was cut off and comes again waits for so long. */
const PROOF_MS = 2000;

/** There may be one connection between two peers. */
export const DUPLICATE: Objection = { reason: 'duplicate', text: 'There is a connection between the two already' };

/**
 * Sees to it that of several connections between two peers one remains, and that both mean the same one.
 *
 * When both connect at the same time, the connection counts that the one with the lower id made: it lets the other one wait
 * for how its own ends, while the other gives its own up. So none comes up that goes down again.
 */
export class Rivals {
  readonly #own: ReplicaId;
  readonly #links: ReadonlyMap<ReplicaId, OpenLink>;

  constructor(own: ReplicaId, links: ReadonlyMap<ReplicaId, OpenLink>) {
    this.#own = own;
    this.#links = links;
  }

  /** What there is to say against a connection that a peer has made. @param contact where it comes from */
  async objectionToArrived(replica: ReplicaId, contact: Contact): Promise<Objection | undefined> {
    const { current } = contact.dialler;
    if (current !== undefined && !this.#links.has(replica)) {
      if (this.#own < replica && current.isConnected) await current.ended;
      else contact.dialler.abort();
    }
    return await this.#objectionOfLiving(replica);
  }

  /** What there is to say against a connection that was made to a peer, and that the peer has accepted. */
  async objectionToDialled(replica: ReplicaId): Promise<Objection | undefined> {
    const other = this.#links.get(replica);
    // Both have made one, to addresses of which nobody knew that they belong together.
    if (other !== undefined && !other.isDialled && this.#own < replica) {
      other.close(DUPLICATE.reason, DUPLICATE.text);
      return undefined;
    }
    return await this.#objectionOfLiving(replica);
  }

  /** A link may be dead without anybody's knowledge: the peer that comes again knows more. */
  async #objectionOfLiving(replica: ReplicaId): Promise<Objection | undefined> {
    for (let link = this.#links.get(replica); link !== undefined; link = this.#links.get(replica)) {
      if (await link.isAlive(PROOF_MS)) return DUPLICATE;
      // Several may wait for the same one.
      if (this.#links.get(replica) === link) link.close(DUPLICATE.reason, 'The peer has come again');
    }
    return undefined;
  }
}
