import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { CodedError } from '../base/coded-error.ts';

/** How costly a hash is: N = 2^ln, block size r, p lanes (RFC 7914 section 2). */
interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

interface StoredHash extends Cost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** 32 MiB and about 80 ms on a machine of our days: what a guesser must pay for each try. */
const DEFAULT_LN = 15;
/** A stored hash may not ask for more memory than 1 GiB. */
const HIGHEST_LN = 20;
/** What scrypt needs beside its table (RFC 7914 section 2): little, but more than nothing. */
const SPARE_BYTES = 1024 * 1024;
/** Each hash occupies one of the four threads that also read and write files. */
const AT_ONCE = 2;
/** At 80 ms each and two at once the last of so many waits ten seconds: hardly a client does for longer. */
const MOST_WAITING = 250;

/**
 * Makes and checks password hashes, a few at a time.
 *
 * Hashes are texts in the PHC form: `$scrypt$ln=15,r=8,p=1$salt$hash`, both parts base64 without padding.
 */
export class PasswordHasher {
  readonly #cost: Cost;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  readonly #dummy: StoredHash;

  /**
   * @param ln cost of new hashes, from 1 to 20; low ones only for accounts that are thrown away
   * @param mostWaiting how many may wait for their turn: whoever comes then is refused with E_HASH_BUSY
   */
  constructor(ln = DEFAULT_LN, mostWaiting = MOST_WAITING) {
    this.#cost = { ln, r: 8, p: 1 };
    this.#mostWaiting = mostWaiting;
    this.#dummy = { ...this.#cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  }

  /**
   * The hash to be stored, with a fresh salt.
   *
   * @throws CodedError E_HASH_BUSY
   */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return formatHash({ ...this.#cost, salt, hash: await this.#derive(password, { ...this.#cost, salt }) });
  }

  /**
   * Is this the password?
   *
   * @param stored `undefined` for a name that is unknown: the same work is done, so that the time does not tell
   * @throws CodedError E_HASH when the stored text is no hash of ours; E_HASH_BUSY
   */
  async check(password: string, stored: string | undefined): Promise<boolean> {
    const expected = stored === undefined ? this.#dummy : parseHash(stored);
    const hash = await this.#derive(password, expected);
    return timingSafeEqual(hash, expected.hash) && stored !== undefined;
  }

  /** Was this hash made at another cost than new ones are? Then the password should be hashed anew when it is known. */
  isOutdated(stored: string): boolean {
    const { ln, r, p } = parseHash(stored);
    return ln !== this.#cost.ln || r !== this.#cost.r || p !== this.#cost.p;
  }

  async #derive(password: string, { ln, r, p, salt }: Cost & { readonly salt: Buffer }): Promise<Buffer> {
    if (this.#waiting.length >= this.#mostWaiting) {
      throw new CodedError('E_HASH_BUSY', 'Too many passwords wait to be checked, try again later', { retry: true });
    }
    // Who has waited takes over the place of the one before: nobody who comes later slips in between.
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await derive(password, salt, { N: 2 ** ln, r, p, maxmem: 128 * 2 ** ln * r + SPARE_BYTES });
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

function derive(
  password: string,
  salt: Buffer,
  options: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

function formatHash({ ln, r, p, salt, hash }: StoredHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** Is this a hash that {@link PasswordHasher.check} takes? */
export function isPasswordHash(text: string): boolean {
  try {
    parseHash(text);
    return true;
  } catch {
    return false;
  }
}

function parseHash(text: string): StoredHash {
  const match = /^\$scrypt\$ln=([0-9]+),r=([0-9]+),p=([0-9]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  const [ln = 0, r = 0, p = 0] = match?.slice(1, 4).map(Number) ?? [];
  const [salt = Buffer.alloc(0), hash = Buffer.alloc(0)] =
    match?.slice(4).map((part) => Buffer.from(part, 'base64')) ?? [];
  const isPayable = ln >= 1 && ln <= HIGHEST_LN && r >= 1 && r <= 8 && p >= 1 && p <= 4;
  // The text is a secret: the message must not show it.
  if (!isPayable || hash.length !== HASH_BYTES) throw new CodedError('E_HASH', 'A stored password hash cannot be read');
  return { ln, r, p, salt, hash };
}
