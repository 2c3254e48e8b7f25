import type { Clock } from '../../base/clock.ts';
import { BodyDecoder } from './decode-body.ts';
import { wireLimits } from './limits.ts';
import type { Message } from './message.ts';
import { HEADER_BYTES, messageKinds, SKIPPABLE } from './message-types.ts';
import { notAllowed, WireError } from './wire-error.ts';

/** What a {@link MessageReader} goes by. */
export interface MessageReaderOptions {
  /** No version may come from the future. */
  readonly clock: Pick<Clock, 'now'>;
}

/** A frame of which the header has come. */
interface Frame {
  /** Missing for a message that is left out. */
  readonly kind: Message['kind'] | undefined;
  readonly length: number;
}

// The handshake of TLS, and those of other programs, begin with anything but the first byte of a short length.
const TLS_HANDSHAKE = 0x16;

/**
 * Makes messages of the bytes of a connection, in whatever pieces they come.
 *
 * What comes in one piece is not copied; what comes in several is copied once. So what is pushed must not be changed
 * afterwards, and `data` of `bytes` and the `bytes` of an entry keep the whole piece in memory for as long as they are held.
 */
export class MessageReader {
  readonly #decoder: BodyDecoder;
  /** A header of which some bytes have come. */
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #frame: Frame | undefined;
  /** A body of which some bytes have come, and how many; there is none for one that is left out. */
  #body: Buffer | undefined;
  #bodyBytes = 0;
  #isGreeted = false;
  #failure: unknown;

  constructor({ clock }: MessageReaderOptions) {
    this.#decoder = new BodyDecoder(clock);
  }

  /**
   * Take in what came.
   *
   * @returns the messages that end with it
   * @throws WireError where it is not allowed: nothing more may be pushed then, and what came before in the same piece is lost
   */
  push(bytes: Uint8Array): readonly Message[] {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch (error) {
      this.#failure = error;
      this.#body = undefined;
      throw error;
    }
  }

  #take(bytes: Buffer): readonly Message[] {
    const messages: Message[] = [];
    let at = 0;
    for (;;) {
      if (this.#frame === undefined) {
        at = this.#takeHeader(bytes, at);
        if (this.#headerBytes < HEADER_BYTES) return messages;
        this.#frame = this.#begin();
      }
      const { kind, length } = this.#frame;
      const taken = Math.min(length - this.#bodyBytes, bytes.length - at);
      const body = this.#takeBody(bytes.subarray(at, at + taken), this.#frame);
      at += taken;
      if (this.#bodyBytes < length) return messages;
      this.#endFrame();
      if (kind !== undefined && body !== undefined) messages.push(this.#decoder.decode(kind, body));
    }
  }

  /** @returns up to where the bytes were taken */
  #takeHeader(bytes: Buffer, at: number): number {
    const taken = bytes.copy(this.#header, this.#headerBytes, at, at + HEADER_BYTES - this.#headerBytes);
    this.#headerBytes += taken;
    return at + taken;
  }

  /** Is what is announced allowed? Nothing is set aside for it before. */
  #begin(): Frame {
    const length = this.#header.readUInt32BE(0);
    const kind = messageKinds.get(this.#header.readUInt8(4));
    const flags = this.#header.readUInt8(5);
    if (!this.#isGreeted) mustGreet(this.#header, kind);
    else if (kind === 'hello') throw notAllowed('A peer says hello twice');
    this.#isGreeted = true;
    if (length > wireLimits.bodyBytes) throw notAllowed('A message is too long');
    if ((flags & ~SKIPPABLE) !== 0) throw notAllowed('A message has flags that are not known');
    if (kind === undefined && flags !== SKIPPABLE) throw notAllowed('A message is of a type that is not known');
    return { kind, length };
  }

  /** @returns the body, where the piece is its end */
  #takeBody(piece: Buffer, { kind, length }: Frame): Buffer | undefined {
    const before = this.#bodyBytes;
    this.#bodyBytes += piece.length;
    if (kind === undefined || piece.length === length) return piece;
    this.#body ??= Buffer.allocUnsafeSlow(length);
    this.#body.set(piece, before);
    return this.#body;
  }

  #endFrame(): void {
    this.#frame = undefined;
    this.#headerBytes = 0;
    this.#body = undefined;
    this.#bodyBytes = 0;
  }
}

/** @throws WireError E_FOREIGN where this cannot be the first frame of a peer */
function mustGreet(header: Buffer, kind: Message['kind'] | undefined): void {
  const isShort = header.readUInt32BE(0) <= wireLimits.firstFrameBytes - HEADER_BYTES;
  if (isShort && (kind === 'hello' || kind === 'bye')) return;
  const what = header[0] === TLS_HANDSHAKE ? 'speaks TLS: one of the two has --encryption no' : 'is no peer of a share';
  throw new WireError('E_FOREIGN', `Who is at the other end ${what}`);
}
