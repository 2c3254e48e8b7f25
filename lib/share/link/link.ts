import type { ReplicaId } from '../model/version.ts';
import type { Codec, Hello, Message } from '../wire/message.ts';

/** Who is at the other end. */
export interface LinkPeer {
  readonly replica: ReplicaId;
  /** For people. */
  readonly name: string;
  /** Without port. */
  readonly address: string;
  /** Where it listens. */
  readonly port: number;
  /** The SHA-256 of its certificate in hexadecimal digits; missing without encryption. */
  readonly device?: string;
  readonly codecs: readonly Codec[];
}

/** An open connection to a peer that has said who it is. */
export interface Link {
  readonly peer: LinkPeer;
  /** Bytes that wait to be sent: who has much to send waits for `drain` when they are many. */
  readonly backlog: number;
  /** Never refused: what is sent to a link that is down is lost. Bytes of contents wait for all else. */
  send(message: Message): void;
  /** Stop taking what comes, for as long as it cannot be worked off; and go on. */
  pause(): void;
  resume(): void;
  /** End it. */
  close(reason: 'stopping' | 'protocol' | 'refused', text: string): void;
}

/** What the user of links is told. */
export interface LinkEvents {
  /** A peer is there. */
  readonly up: (link: Link) => void;
  /** And says something; not its hello, and nothing about whether it is alive. */
  readonly message: (link: Link, message: Exclude<Message, Hello>) => void;
  /** The backlog has become small. */
  readonly drain: (link: Link) => void;
  /** A peer is gone. */
  readonly down: (link: Link, why: string) => void;
  /** Something that the user of the program has to know: an address that does not answer, somebody who was refused. */
  readonly told: (notice: LinkNotice) => void;
}

/** See {@link LinkEvents.told}. */
export interface LinkNotice {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}
