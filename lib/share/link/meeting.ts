import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import type { Hello, Message } from '../wire/message.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import type { Contact } from './contact.ts';
import type { Redial } from './dialler.ts';
import type { Notices } from './notices.ts';
import type { Privacy } from './privacy.ts';
import type { Rivals } from './rivals.ts';
import type { Trust } from './trust.ts';

/** A connection over which both have said who they are, and that is to be used. */
export interface Acquaintance {
  readonly contact: Contact;
  readonly socket: Socket;
  readonly reader: MessageReader;
  readonly hello: Hello;
  /** What came behind the hello. */
  readonly rest: readonly Message[];
  readonly device?: string;
  readonly isDialled: boolean;
}

/** What it takes to get to know a peer. */
export interface Meeting {
  /** What we say first. */
  readonly own: Hello;
  readonly contacts: readonly Contact[];
  readonly privacy: Privacy;
  /** Missing without encryption: then nobody can prove who he is. */
  readonly trust?: Trust;
  readonly rivals: Rivals;
  readonly notices: Notices;
  readonly clock: Clock;
  /** A connection is ready for use. */
  readonly met: (acquaintance: Acquaintance) => void;
  /** Somebody at this address does what is not allowed: nothing is to do with him for a while, which is returned. */
  readonly shun: (address: string, why: string) => Redial;
}
