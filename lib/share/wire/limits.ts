import { MOST_COUNTERS } from '../model/version.ts';

/**
 * What a peer may say, in numbers; who goes beyond one of them is not listened to any longer.
 *
 * They are for peers that are broken, or mean harm: what the program says by itself stays far below most of them.
 * docs/reference/share-protocol.md has the same table.
 */
export const wireLimits = {
  /** Bytes of a body: an entry of 100,000 chunks fits, and a peer makes nobody set aside more. */
  bodyBytes: 4 * 1024 * 1024,
  /** Bytes of the first frame, when nobody knows yet who speaks. */
  firstFrameBytes: 512,
  /** The greatest number that is kept without loss everywhere: 2^53 - 1. */
  number: Number.MAX_SAFE_INTEGER,
  /** Bytes of what a machine is called: longer than any host name. */
  nameBytes: 255,
  /** Bytes of why a connection ends: a line for people. */
  reasonBytes: 255,
  /** Bytes of a path, as on Linux. */
  pathBytes: 4096,
  /** Bytes of one name of it, as on most disks. */
  pathNameBytes: 255,
  /** Names of a path: deeper trees overflow what goes through them. */
  pathDepth: 128,
  /** Entries of one message: each takes some hundred bytes of memory, and as few as 16 on the wire. */
  entries: 10_000,
  /** Replicas that changed an entry. */
  counters: MOST_COUNTERS,
  /** Seconds that a counter may be ahead of the time of day: one that is at its end could never be counted on. */
  countAheadSeconds: 86_400,
  /** Bytes of a chunk: no more has to be held to check one. */
  chunkBytes: 1024 * 1024,
  /** Chunks of a file: its entry must fit into a frame. */
  chunks: 100_000,
  /** Bytes of a file that goes along with its entry. */
  inlineBytes: 32 * 1024,
  /** Unpacked bytes of contents of one message. */
  dataBytes: 1024 * 1024,
  /** Bytes by which what is packed may be longer than what it was made of: packing what cannot be packed adds some. */
  packedExcessBytes: 1024,
  /** Milliseconds before or after 1970 that can be shown as a date. */
  timeMs: 8_640_000_000_000_000,
  /** Paths of a share, those of deleted entries among them, that are taken from others: about a gigabyte of memory. */
  shareEntries: 2_000_000,
  /** Entries that one address may tell at once beyond one for each path: more than any program changes in one go. */
  entriesAtOnce: 100_000,
  /** And a second in the long run: each is a line in a journal, and none comes back without somebody who changes something. */
  entriesPerSecond: 1000,
  /** And of those that say what is here already: as many as can be looked at in some tenths of a second. */
  heldEntriesPerSecond: 50_000,
  /** Peers of one address that may be met for the first time at once: more than anybody begins anew in a day of trials. */
  meetingsAtOnce: 64,
  /** And a day in the long run: each is remembered for ever, with some hundred bytes. */
  meetingsPerDay: 144,
  /** Drafts of one address that may come to nothing at once: as many as break off with eight connections. */
  draftsAtOnce: 64,
  /** And a minute in the long run: of each a part may stay on the disk, for a day. */
  draftsPerMinute: 1,
  /** Pings and pongs that may come at once: as many as come in an hour and a half. */
  signsAtOnce: 1000,
  /** And a second in the long run: fifty times as many as come. */
  signsPerSecond: 10,
  /** Wishes that may wait: eight times what our own peers have under way, for those who ask again for what comes late. */
  openAsks: 2048,
} as const;
