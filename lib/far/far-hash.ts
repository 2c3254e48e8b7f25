import type { HashKind } from './content-hash.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';

/** A way in which a server tells the hash of a file. */
export interface FarHash {
  readonly kind: HashKind;
  readonly verb: string;
  /** Begin and end, where only a part is to be hashed; not for HASH and MD5. */
  readonly range?: string;
}

// The surest first. HASH is draft-bryan-ftpext-hash, MD5 draft-twine-ftpmd5; the others were never written down.
const WAYS: readonly FarHash[] = [
  { kind: 'sha256', verb: 'HASH' },
  { kind: 'sha256', verb: 'XSHA256' },
  { kind: 'sha512', verb: 'HASH' },
  { kind: 'sha512', verb: 'XSHA512' },
  { kind: 'sha1', verb: 'HASH' },
  { kind: 'sha1', verb: 'XSHA1' },
  { kind: 'sha1', verb: 'XSHA' },
  { kind: 'md5', verb: 'HASH' },
  { kind: 'md5', verb: 'XMD5' },
  { kind: 'md5', verb: 'MD5' },
  { kind: 'crc32', verb: 'HASH' },
  { kind: 'crc32', verb: 'XCRC' },
];

/** How HASH calls them. */
export const HASH_NAMES: Readonly<Record<HashKind, string>> = {
  sha256: 'SHA-256',
  sha512: 'SHA-512',
  sha1: 'SHA-1',
  md5: 'MD5',
  crc32: 'CRC32',
};

const DIGITS: Readonly<Record<HashKind, number>> = { sha256: 64, sha512: 128, sha1: 40, md5: 32, crc32: 8 };

// A server reads all of it before it answers, slow disks at 20 MB a second.
const BYTES_A_MS = 20_000;

/**
 * The best way to be told the hash of a file, by what FEAT says.
 *
 * @param features names in upper case
 */
export function offeredHash(features: ReadonlyMap<string, string>): FarHash | undefined {
  return hashWays(features)[0];
}

/** All ways to be told the hash of a file, by what FEAT says, the best first. */
export function hashWays(features: ReadonlyMap<string, string>): readonly FarHash[] {
  // `CRC32;MD5;SHA-1*;SHA-256`: the star marks the one that is used unless OPTS says otherwise.
  const names = (features.get('HASH') ?? '').split(';').map((name) => name.trim().replace('*', '').toUpperCase());
  return WAYS.filter(({ verb, kind }) => (verb === 'HASH' ? names.includes(HASH_NAMES[kind]) : features.has(verb)));
}

/**
 * Ask for the hash of a far file.
 *
 * @param path absolute far path
 * @param size of what is hashed, in bytes: much takes the server a while
 * @returns hexadecimal, in lower case; `undefined` when the server does not tell it after all
 */
export async function farHashOf(
  connection: FtpConnection,
  { kind, verb, range = '' }: FarHash,
  path: string,
  size: number,
): Promise<string | undefined> {
  const extraMs = hashingMs(size);
  if (verb === 'HASH') {
    const replies = await connection.flight([`OPTS HASH ${HASH_NAMES[kind]}`, `HASH ${path}`], extraMs);
    // 213 SHA-256 0-49 6169788c... path
    const [, name, digits] = /^213 (\S+) \S+ ([0-9a-f]+)\b/im.exec(textOf(replies[1])) ?? [];
    return name?.toUpperCase() === HASH_NAMES[kind] ? hashDigits(kind, digits) : undefined;
  }
  // Some take what follows a blank for the first byte that is to be hashed; where nothing is to be parted, quotes are a
  // part of the name to others.
  const argument = (range !== '' || / /.test(path)) && verb !== 'MD5' ? `"${path}"` : path;
  const text = textOf(await connection.ask(`${verb} ${argument} ${range}`.trimEnd(), extraMs));
  // 250 6169788C..., and 251 path 6169788C... of MD5.
  return hashDigits(kind, /\b([0-9a-f]+)[\s.]*$/i.exec(text)?.[1]);
}

/** How much longer than for others an answer for so many bytes may take, in milliseconds. */
export function hashingMs(bytes: number): number {
  return Math.ceil(bytes / BYTES_A_MS);
}

/** The text of an answer that is a success. */
export function textOf(reply: { readonly code: number; readonly message: string } | undefined): string {
  return reply !== undefined && done(reply) ? reply.message : '';
}

/** The digits of such a hash; `undefined` for what cannot be one. */
export function hashDigits(kind: HashKind, digits: string | undefined): string | undefined {
  // Servers that print a sum as a number leave leading zeros out.
  const text = kind === 'crc32' ? digits?.padStart(DIGITS.crc32, '0') : digits;
  return text?.length === DIGITS[kind] ? text.toLowerCase() : undefined;
}
