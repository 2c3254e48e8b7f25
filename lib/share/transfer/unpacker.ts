import type { Link } from '../link/link.ts';
import type { Bytes } from '../wire/message.ts';
import { unpack } from './packing.ts';

const NOTHING = new Uint8Array();

/** Unpacks what peers send, and hands it on in the order in which it came. */
export class Unpacker {
  readonly #next: (link: Link, bytes: Bytes) => void;
  /** What came before and is not handed on yet. */
  readonly #last = new WeakMap<Link, Promise<void>>();

  /** @param next is given the bytes unpacked; none at all where they were damaged */
  constructor(next: (link: Link, bytes: Bytes) => void) {
    this.#next = next;
  }

  /** Fulfilled when they are handed on. */
  async take(link: Link, bytes: Bytes): Promise<void> {
    const last = this.#last.get(link);
    if (bytes.codec === 'none' && last === undefined) {
      this.#next(link, bytes);
      return;
    }
    const handedOn = this.#handOn(link, bytes, last).finally(() => {
      if (this.#last.get(link) === handedOn) this.#last.delete(link);
    });
    this.#last.set(link, handedOn);
    await handedOn;
  }

  async #handOn(link: Link, bytes: Bytes, last: Promise<void> | undefined): Promise<void> {
    const { codec, data: packed, release, ...rest } = bytes;
    const data = await unpack(codec, packed, bytes.size);
    await last;
    // What is not packed is handed on as it is, and is still needed.
    const isSame = data === packed;
    if (!isSame) release?.();
    this.#next(link, { ...rest, codec: 'none', data: data ?? NOTHING, ...(isSame && release && { release }) });
  }
}
