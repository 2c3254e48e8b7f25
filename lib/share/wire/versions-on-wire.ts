import type { Counter, ReplicaId, Version } from '../model/version.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { wireLimits } from './limits.ts';
import { notAllowed } from './wire-error.ts';

/** Bytes of the id of a replica. */
export const REPLICA_ID_BYTES = 8;

/** Put a version into a message. */
export function writeVersion(writer: ByteWriter, version: Version): void {
  writer.u8(version.length);
  for (const { replica, count } of version) writer.hex(replica, REPLICA_ID_BYTES).number(count);
}

interface KnownId {
  readonly high: number;
  readonly low: number;
  readonly id: ReplicaId;
}

/** Takes versions out of messages. */
export class VersionReader {
  /** A share has few replicas, and all its entries tell them: one text for each of them is kept, not one for each entry. */
  readonly #known: KnownId[] = [];

  /**
   * @param highest the greatest count that is allowed now
   * @throws WireError E_PROTOCOL
   */
  read(reader: ByteReader, highest: number): Version {
    const length = reader.u8();
    if (length === 0) throw notAllowed('A version is empty');
    if (length > wireLimits.counters) throw notAllowed('A version has too many counters');
    const version: Counter[] = [];
    let before: ReplicaId = '';
    for (let index = 0; index < length; index += 1) {
      const replica = this.#id(reader.u32(), reader.u32());
      if (replica <= before) throw notAllowed('The replicas of a version are not in order');
      before = replica;
      const count = reader.number();
      if (count < 1) throw notAllowed('A counter of a version is 0');
      if (count > highest) throw notAllowed('A version was made more than a day from now: one of the clocks is wrong');
      version.push({ replica, count });
    }
    return version;
  }

  #id(high: number, low: number): ReplicaId {
    for (const known of this.#known) if (known.low === low && known.high === high) return known.id;
    const id = `${inHex(high)}${inHex(low)}`;
    if (this.#known.length < wireLimits.counters) this.#known.push({ high, low, id });
    return id;
  }
}

function inHex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
