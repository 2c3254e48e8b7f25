import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../../base/clock.ts';
import { messageOf } from '../../base/coded-error.ts';
import { isSameAddress } from '../../base/plain-address.ts';
import { showText } from '../../base/show-text.ts';
import { SteadyClock } from '../../base/steady-clock.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Hello } from '../wire/message.ts';
import { Contact, contactsAt } from './contact.ts';
import { Dialler, type Redial } from './dialler.ts';
import { Entrance } from './entrance.ts';
import { farewell } from './farewell.ts';
import type { Identity } from './identity.ts';
import { Incoming } from './incoming.ts';
import type { Link, LinkEvents } from './link.ts';
import type { Acquaintance, Meeting } from './meeting.ts';
import { Notices } from './notices.ts';
import { type LinkEnd, OpenLink } from './open-link.ts';
import { Outgoing } from './outgoing.ts';
import { type PeerAddress, showAddress } from './peer-address.ts';
import type { Forgotten, Pins } from './pins.ts';
import { noPrivacy } from './privacy.ts';
import { DUPLICATE, Rivals } from './rivals.ts';
import { TlsPrivacy } from './tls-privacy.ts';
import { Trust } from './trust.ts';

/** Which peers there are, and how they are reached. */
export interface LinksOptions {
  /** Where to listen, and what connections to others come from; all addresses of the machine unless given. */
  readonly bind?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Only they are connected to, and only who comes from their IP addresses is let in. */
  readonly peers: readonly PeerAddress[];
  /** What the others are told first. */
  readonly hello: Omit<Hello, 'kind' | 'port'>;
  /** Without it everybody on the way can read and change what is sent, and nobody can prove who he is. */
  readonly encryption?: { readonly identity: Identity; readonly pins: Pins };
  readonly clock?: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random?: () => number;
}

/** So long somebody is left alone who does what is not allowed: he cannot keep us busy with it. */
const SHUN_MS = 10_000;

/** And so long who says what is allowed, and yet does harm with it. */
const CUT_OFF_MS = 10 * 60_000;

/** Connections to the other peers: made, accepted, watched and made again. */
export class Links {
  /** What happens with them. */
  readonly events = new EventEmitter<{ [Name in keyof LinkEvents]: Parameters<LinkEvents[Name]> }>();
  readonly #options: LinksOptions;
  readonly #clock: Clock;
  readonly #notices: Notices;
  readonly #contacts: readonly Contact[];
  readonly #links = new Map<ReplicaId, OpenLink>();
  readonly #shunned = new Map<string, number>();
  #entrance: Entrance | undefined;
  #outgoing: Outgoing | undefined;
  #isClosing = false;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#clock = new SteadyClock(options.clock ?? systemClock);
    this.#notices = new Notices(this.#clock, (notice) => this.events.emit('told', notice));
    this.#contacts = options.peers.map((at) => new Contact(at, (contact) => this.#diallerOf(contact)));
  }

  /**
   * Let others in, and begin to connect to them.
   *
   * @returns where it listens
   * @throws LinkError E_PORT, E_PEERS_FILE
   */
  async start(): Promise<{ readonly port: number }> {
    await this.#options.encryption?.pins.read();
    let incoming: Incoming | undefined;
    const entrance = new Entrance({
      address: this.#options.bind,
      port: this.#options.port,
      clock: this.#clock,
      isExpected: (address) => this.#isExpected(address),
      welcome: async (visitor) => {
        await incoming?.receive(visitor).catch((error: unknown) => {
          visitor.socket.destroy();
          this.#misheard(visitor.address, error);
        });
      },
    });
    const port = await entrance.open();
    this.#entrance = entrance;
    const meeting = this.#meetingAt(port);
    incoming = new Incoming(meeting);
    this.#outgoing = new Outgoing(meeting, this.#options.bind);
    for (const contact of this.#contacts) contact.dialler.wake();
    return { port };
  }

  /** Those that are up. */
  get up(): readonly Link[] {
    return [...this.#links.values()];
  }

  /** The addresses of the list, and the link to each that is up. */
  get contacts(): readonly Pick<Contact, 'at' | 'shown' | 'isSelf' | 'link'>[] {
    return this.#contacts;
  }

  /**
   * Trust whichever device is met next at an address, and look who is there.
   *
   * @throws LinkError E_PEERS_FILE
   */
  async trust(at: PeerAddress): Promise<Forgotten> {
    const forgotten = (await this.#options.encryption?.pins.forget(at)) ?? { wasKnown: false, others: [] };
    for (const contact of this.#contacts) if (contact.shown === showAddress(at)) contact.dialler.wake();
    return forgotten;
  }

  /** Have nothing to do with a peer for ten minutes. @param why for people, and for the peer */
  cutOff({ peer }: Link, why: string): void {
    this.#shun(peer.address, why, CUT_OFF_MS);
    this.#links.get(peer.replica)?.close('refused', why);
  }

  /** Say goodbye to everybody and let nobody in any more. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#entrance?.close();
    await Promise.all([
      ...this.#contacts.map((contact) => contact.dialler.stop()),
      ...[...this.#links.values()].map((link) => link.end('stopping', 'It was stopped')),
    ]);
  }

  #meetingAt(port: number): Meeting {
    const own: Hello = { kind: 'hello', port, ...this.#options.hello };
    const { encryption } = this.#options;
    return {
      own,
      contacts: this.#contacts,
      ...(encryption === undefined ? { privacy: noPrivacy } : this.#protect(encryption)),
      rivals: new Rivals(own.replica, this.#links),
      notices: this.#notices,
      clock: this.#clock,
      met: (acquaintance) => this.#open(acquaintance),
      shun: (address, why) => this.#shun(address, why),
    };
  }

  #protect({ identity, pins }: NonNullable<LinksOptions['encryption']>): Pick<Meeting, 'privacy' | 'trust'> {
    const trust = new Trust(identity.device, pins, (text) => this.#notices.tell('warn', text));
    return { privacy: new TlsPrivacy(identity), trust };
  }

  #diallerOf(contact: Contact): Dialler {
    return new Dialler({
      clock: this.#clock,
      random: this.#options.random ?? Math.random,
      isNeeded: () => contact.isWanted,
      connect: async (dial) => {
        const tried = this.#outgoing?.connect(contact, dial);
        return (await tried?.catch((error: unknown) => this.#misheard(contact.at.address, error))) ?? { afterMs: 0 };
      },
    });
  }

  #isExpected(address: string): boolean {
    if (contactsAt(this.#contacts, address).length === 0) {
      const text = `${showText(address)} has tried to connect, and is not among the addresses of the peers: it was refused`;
      this.#notices.tellRarely('stranger', 'warn', text);
      return false;
    }
    return !this.#isShunned(address);
  }

  #open({ contact, socket, reader, hello, rest, device, isDialled }: Acquaintance): void {
    const { replica, name, codecs, port } = hello;
    const { address } = contact.at;
    // Of two that waited for the same thing, each found that there was no other one. The first would stay open, and be nobody's.
    if (this.#links.has(replica)) return void farewell(socket, DUPLICATE.reason, DUPLICATE.text, this.#clock);
    const peer = { replica, name, address, port, codecs, ...(device === undefined ? {} : { device }) };
    const link = new OpenLink(
      { socket, reader, peer, isDialled, clock: this.#clock },
      {
        message: (message) => this.events.emit('message', link, message),
        drain: () => this.events.emit('drain', link),
        down: (end) => this.#down(contact, link, end),
      },
    );
    this.#links.set(replica, link);
    contact.link = link;
    contact.isSelf = false;
    if (contact.isOffline) this.#notices.tell('info', `${contact.shown} is there again`);
    contact.isOffline = false;
    this.events.emit('up', link);
    if (this.#isClosing) link.close('stopping', 'It was stopped');
    else link.begin(rest);
  }

  #down(contact: Contact, link: OpenLink, { why, isHostile, lastedMs }: LinkEnd): void {
    if (this.#links.get(link.peer.replica) === link) this.#links.delete(link.peer.replica);
    if (contact.link === link) contact.link = undefined;
    this.events.emit('down', link, why);
    if (isHostile) this.#shun(contact.at.address, why);
    const afterMs = this.#shunnedMs(contact.at.address);
    if (contact.isWanted) contact.dialler.again(lastedMs, afterMs);
  }

  /** Nobody has thought of what went wrong with it; what the others say is heard all the same. */
  #misheard(address: string, error: unknown): Redial {
    return this.#shun(address, `What it said could not be dealt with: ${messageOf(error)}`);
  }

  #shun(address: string, why: string, ms = SHUN_MS): Redial {
    this.#shunned.set(address, this.#clock.now() + Math.max(ms, this.#shunnedMs(address)));
    const long = ms < 60_000 ? `${ms / 1000} seconds` : `${ms / 60_000} minutes`;
    this.#notices.tellRarely(`shun ${address}`, 'warn', `${address} is left alone for ${long}: ${why}`);
    return { afterMs: ms };
  }

  #isShunned(address: string): boolean {
    return this.#shunnedMs(address) > 0;
  }

  /** How long it is still left alone. */
  #shunnedMs(address: string): number {
    const ends = [...this.#shunned].filter(([other]) => isSameAddress(other, address)).map(([, until]) => until);
    return Math.max(0, ...ends.map((until) => until - this.#clock.now()));
  }
}
