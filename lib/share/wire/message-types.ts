import type { ByeReason, Codec, Message } from './message.ts';

/** The number of each kind of message on the wire; 0 and those above 127 are not given away. */
export const messageTypes = {
  hello: 1,
  begin: 2,
  entries: 3,
  settled: 4,
  ask: 5,
  bytes: 6,
  gone: 7,
  draft: 8,
  'draft-chunks': 9,
  'draft-end': 10,
  ping: 11,
  pong: 12,
  bye: 13,
} as const satisfies Readonly<Record<Message['kind'], number>>;

/** The kinds by their numbers. */
export const messageKinds: ReadonlyMap<number, Message['kind']> = new Map(
  Object.entries(messageTypes).map(([kind, type]) => [type, kind as Message['kind']]),
);

/** The packings, by their numbers in `bytes`; in a hello, bit n stands for number n + 1. */
export const codecs: readonly Codec[] = ['none', 'brotli', 'zstd'];

/** The reasons of a `bye`, by their numbers. */
export const byeReasons: readonly ByeReason[] = ['stopping', 'protocol', 'duplicate', 'self', 'refused'];

/** The number of the protocol that is spoken here. Protocol 1 hashed lists of chunks as if they were bytes of a file. */
export const PROTOCOL = 2;

/** The first bytes of the body of a hello: `LEFT`. */
export const HELLO_MARK = 0x4c454654;

/** A frame: four bytes of length, one of type, one of flags; then the body. */
export const HEADER_BYTES = 6;

/** The flag of a message that may be left out by who does not know its type; all other flags are 0. */
export const SKIPPABLE = 1;
