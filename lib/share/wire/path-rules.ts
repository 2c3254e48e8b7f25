import { isAscii, isUtf8 } from 'node:buffer';
import type { EntryPath } from '../model/entry.ts';
import type { ByteReader } from './byte-reader.ts';
import { wireLimits } from './limits.ts';
import { notAllowed } from './wire-error.ts';

const SLASH = 0x2f;
const DOT = 0x2e;

/** @throws WireError E_PROTOCOL for a path that nobody may tell */
export function readPath(reader: ByteReader): EntryPath {
  const bytes = reader.bytes(reader.u16());
  const fault = faultOf(bytes);
  if (fault !== undefined) throw notAllowed(`A path ${fault}`);
  return bytes.toString('utf8');
}

/**
 * Why a path cannot be told to peers.
 *
 * @returns `is too long` and the like; `undefined` for nothing
 */
export function pathFault(path: EntryPath): string | undefined {
  // Turned into bytes, half of a surrogate pair would become another letter.
  return /\p{Surrogate}/u.test(path) ? 'is not UTF-8' : faultOf(Buffer.from(path));
}

function faultOf(bytes: Buffer): string | undefined {
  if (bytes.length > wireLimits.pathBytes) return 'is too long';
  if (!isAscii(bytes) && !isUtf8(bytes)) return 'is not UTF-8';
  let from = 0;
  let depth = 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0) return 'holds a NUL';
    if (byte !== SLASH) continue;
    const fault = nameFault(bytes, from, at);
    if (fault !== undefined) return fault;
    from = at + 1;
    depth += 1;
  }
  return depth > wireLimits.pathDepth ? 'is too deep' : nameFault(bytes, from, bytes.length);
}

function nameFault(bytes: Buffer, from: number, end: number): string | undefined {
  const length = end - from;
  if (length === 0) return 'holds an empty name';
  if (length > wireLimits.pathNameBytes) return 'holds a name that is too long';
  if (bytes[from] !== DOT || length > 2) return undefined;
  return length === 1 || bytes[from + 1] === DOT ? 'holds the name . or ..' : undefined;
}
