import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The ways to hash a file that servers know. */
export type HashKind = 'sha256' | 'sha512' | 'sha1' | 'md5' | 'crc32';

/** The hash of content that comes piece by piece; it can be told at any time, and goes on afterwards. */
export class ContentHash {
  readonly kind: HashKind;
  readonly #hash: Hash | undefined;
  #sum = 0;

  constructor(kind: HashKind) {
    this.kind = kind;
    this.#hash = kind === 'crc32' ? undefined : createHash(kind);
  }

  update(chunk: Buffer): void {
    if (this.#hash) this.#hash.update(chunk);
    else this.#sum = crc32(chunk, this.#sum);
  }

  /** Of all that came so far: hexadecimal, in lower case, with all leading zeros. */
  soFar(): string {
    return this.#hash?.copy().digest('hex') ?? this.#sum.toString(16).padStart(8, '0');
  }
}
