import type { HashKind } from './content-hash.ts';
import { type FarHash, farHashOf, HASH_NAMES, hashDigits, hashingMs, hashWays, textOf } from './far-hash.ts';
import type { FtpConnection } from './ftp-connection.ts';

/** A hash as a server told it: hexadecimal, in lower case. */
export interface FarDigest {
  readonly kind: HashKind;
  readonly digits: string;
}

/** What of a far file is to be hashed. */
export interface HashedPart {
  /** Absolute far path. */
  readonly path: string;
  /** So many bytes from its begin. */
  readonly length: number;
  /** Are there no more? Then all servers that tell hashes can tell this one. */
  readonly isWhole: boolean;
}

/**
 * The hash of the begin of a far file.
 *
 * By HASH behind RANG (draft-bryan-ftp-range), where the range that the answer names is looked at: ProFTPD 1.3.8 tells the
 * hash of the whole file all the same. Else by one of the commands that take a begin and an end.
 *
 * @param kinds the only ones that are of use; all by default
 * @returns `undefined` when the server cannot tell it
 */
export async function farPrefixHash(
  connection: FtpConnection,
  part: HashedPart,
  kinds?: readonly HashKind[],
): Promise<FarDigest | undefined> {
  for (const way of hashWays(connection.features)) {
    if (kinds && !kinds.includes(way.kind)) continue;
    const digits = await digitsBy(way, part, connection);
    if (digits !== undefined) return { kind: way.kind, digits };
  }
  return undefined;
}

function digitsBy(
  way: FarHash,
  { path, length, isWhole }: HashedPart,
  connection: FtpConnection,
): Promise<string | undefined> | undefined {
  if (isWhole) return farHashOf(connection, way, path, length);
  if (length === 0 || way.verb === 'MD5') return undefined;
  if (way.verb !== 'HASH') return farHashOf(connection, { ...way, range: `0 ${length}` }, path, length);
  return connection.features.has('RANG') ? digitsOfRange(way, path, length, connection) : undefined;
}

async function digitsOfRange(
  { kind }: FarHash,
  path: string,
  length: number,
  connection: FtpConnection,
): Promise<string | undefined> {
  const name = HASH_NAMES[kind];
  // The last byte is a part of the range. One that nobody used up would be that of the next transfer.
  const commands = [`OPTS HASH ${name}`, `RANG 0 ${length - 1}`, `HASH ${path}`, 'RANG 1 0'];
  const replies = await connection.flight(commands, hashingMs(length));
  const [, told, first, last, digits] = /^213 (\S+) (\d+)-(\d+) ([0-9a-f]+)\b/im.exec(textOf(replies[2])) ?? [];
  const isOfRange = first === '0' && (Number(last) === length - 1 || Number(last) === length);
  return isOfRange && told?.toUpperCase() === name ? hashDigits(kind, digits) : undefined;
}
