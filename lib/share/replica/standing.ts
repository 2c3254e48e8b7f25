import { type Content, exists } from '../model/entry.ts';
import type { PeerRecord } from './peer-record.ts';
import type { Held, Places } from './places.ts';

/** Some entries, deleted ones among them, and the bytes of the files. */
export interface Amount {
  readonly entries: number;
  readonly bytes: number;
}

/** How far one peer is. */
export interface PeerStanding {
  /** What we have and it has not said it has. */
  readonly lacks: Amount;
  /** What it has told and we have not dealt with. */
  readonly owes: Amount;
  /** Has it told all that it has? Else it may owe more. */
  readonly isAll: boolean;
}

/** How far all are. */
export interface Standing {
  readonly files: number;
  readonly folders: number;
  /** Of all files. */
  readonly bytes: number;
  /** How many files are known to be on 1, 2, 3, ... machines: the first one stands for those that only we have. */
  readonly copies: readonly number[];
  /** In the order in which they were asked for. */
  readonly peers: readonly PeerStanding[];
}

/** See `Replica.standing`. */
export function standingOf(places: Places, peers: readonly PeerRecord[]): Standing {
  const lacks = peers.map(nothing);
  const files = nothing();
  let folders = 0;
  const copies = Array.from({ length: peers.length + 1 }, () => 0);
  // A copy is one copy, whatever it is asked for by.
  const isNew = peers.map(({ id }, index) => peers.findIndex((other) => other.id === id) === index);
  for (const { held } of places.all()) {
    if (held === undefined) continue;
    const { content } = held.entry;
    let holders = 0;
    for (const [index, peer] of peers.entries()) {
      const lacking = lacks[index];
      if (has(peer, held)) holders += isNew[index] === true ? 1 : 0;
      else if (lacking !== undefined) add(lacking, content);
    }
    if (content.type === 'directory') folders += 1;
    if (content.type !== 'file') continue;
    add(files, content);
    copies[holders] = (copies[holders] ?? 0) + 1;
  }
  const standings = peers.map((peer, index) => ({
    lacks: lacks[index] ?? nothing(),
    owes: owedBy(peer, places),
    isAll: peer.isAll,
  }));
  return { files: files.entries, folders, bytes: files.bytes, copies, peers: standings };
}

function has({ acknowledged, connection }: PeerRecord, { number, knownBy }: Held): boolean {
  return acknowledged >= number || knownBy.includes(connection);
}

function owedBy(peer: PeerRecord, places: Places): Amount {
  const sum = nothing();
  for (const path of peer.openPaths()) {
    const offer = places.get(path)?.offers.get(peer.id);
    if (offer !== undefined) add(sum, offer.entry.content);
  }
  return sum;
}

/** An amount that grows. */
interface Sum {
  entries: number;
  bytes: number;
}

function nothing(): Sum {
  return { entries: 0, bytes: 0 };
}

function add(sum: Sum, content: Content): void {
  sum.entries += 1;
  if (exists(content) && content.type === 'file') sum.bytes += content.size;
}
