import { gear } from './gear.ts';

// What Node.js has of it, as far as it is used here.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** What gear-scan.wat exports. */
interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly hash: { value: number };
  readonly scan: (length: number, mask: number) => number;
}

// gear-scan.wat, as a spec makes it again.
const MODULE =
  'AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAAUGBgF/AUEACwcYAwZtZW1vcnkCAARoYXNoAwAEc2NhbgAACkcBRQECfyMAIQICQANAIAMgAE8NASACQQF0IAMtAABBAnQoAoCAEGohAiADQQFqIQMgAiABcQ0AIAIkACADDwsLIAIkAEF/Cw==';

// As much as the module has room for, and where that has the table.
const ROOM_BYTES = 256 * 1024;

const scanner = makeScanner();
const room = new Uint8Array(scanner.memory.buffer, 0, ROOM_BYTES);

/** Where to look for a cut. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** The bits that the hash has none of where a cut may be. */
  readonly mask: number;
}

/** What {@link scanGear} has found. */
export interface Scanned {
  /** Behind the first byte where a cut may be; -1 when there is none. */
  readonly next: number;
  /** Of what lies before that, or of all. */
  readonly hash: number;
}

/**
 * Look for the first place where the gear hash of the bytes before it has none of the bits of a mask.
 *
 * @param hash that of what lies before the range
 */
export function scanGear(bytes: Uint8Array, { from, to, mask }: Range, hash: number): Scanned {
  scanner.hash.value = hash;
  for (let at = from; at < to; at += ROOM_BYTES) {
    const end = Math.min(at + ROOM_BYTES, to);
    // The bytes are copied in the cache of the processor: a tenth of the time that is saved.
    room.set(bytes.subarray(at, end));
    const next = scanner.scan(end - at, mask);
    if (next >= 0) return { next: at + next, hash: scanner.hash.value };
  }
  return { next: -1, hash: scanner.hash.value };
}

function makeScanner(): Scanner {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(MODULE, 'base64')));
  const made = exports as Scanner;
  new Int32Array(made.memory.buffer, ROOM_BYTES, gear.length).set(gear);
  return made;
}
