import type { Clock } from '../../base/clock.ts';
import { BodyDecoder } from './decode-body.ts';
import { wireLimits } from './limits.ts';
import type { Message } from './message.ts';
import { HEADER_BYTES, messageKinds, SKIPPABLE } from './message-types.ts';
import { type Lent, SpareBuffers } from './spare-buffers.ts';
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

// Bytes of contents with what stands before them. Longer messages are few, and what is shorter comes in one or two pieces.
const CONTENTS_BYTES = wireLimits.dataBytes + wireLimits.packedExcessBytes;
const LEAST_LENT_BYTES = 64 * 1024;
// As much as Node receives at a time.
const SMALL_BYTES = 64 * 1024;

// As many as are on their way to the disk at the same time where that is as fast as the line.
const MOST_SPARE = 8;

/**
 * Makes messages of the bytes of a connection, in whatever pieces they come.
 *
 * What comes in one piece is not copied; what comes in several is copied once. So what is pushed must not be changed
 * afterwards, and `data` of `bytes` and the `bytes` of an entry keep the whole piece in memory for as long as they are held.
 * Memory for `bytes` is used again as soon as whoever has them releases them.
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
  /** Where the bytes of a content are being put together. */
  #lent: Lent | undefined;
  readonly #spare = new SpareBuffers(CONTENTS_BYTES, MOST_SPARE);
  /** Where what is no content is received; for those who receive into a {@link space}. */
  #small: Buffer | undefined;
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

  /** Where the next bytes may be put: a content goes to where it is put together at once. */
  get space(): Buffer {
    if (this.#lent !== undefined) return this.#lent.bytes.subarray(this.#bodyBytes);
    this.#small ??= Buffer.allocUnsafeSlow(SMALL_BYTES);
    return this.#small;
  }

  /**
   * These bytes were put into a {@link space}: where they lie, since that may have been asked for before others were pushed.
   *
   * @returns the messages that end with it
   * @throws WireError as {@link push} does
   */
  filled(bytes: Uint8Array): readonly Message[] {
    // Messages may hold views of what is pushed, and the next bytes come to the same place.
    return this.push(bytes.buffer === this.#lent?.bytes.buffer ? bytes : Buffer.from(bytes));
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
      const release = this.#lent?.release;
      this.#endFrame();
      if (kind === undefined || body === undefined) continue;
      const message = this.#decoder.decode(kind, body);
      messages.push(message.kind === 'bytes' && release !== undefined ? { ...message, release } : message);
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
    this.#body ??= this.#roomFor(kind, length);
    // What was received into it lies there already.
    if (piece.buffer !== this.#body.buffer) this.#body.set(piece, before);
    return this.#body;
  }

  #roomFor(kind: Message['kind'], length: number): Buffer {
    if (kind !== 'bytes' || length < LEAST_LENT_BYTES || length > CONTENTS_BYTES) return Buffer.allocUnsafeSlow(length);
    this.#lent = this.#spare.lend(length);
    return this.#lent.bytes;
  }

  #endFrame(): void {
    this.#frame = undefined;
    this.#headerBytes = 0;
    this.#body = undefined;
    this.#lent = undefined;
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
