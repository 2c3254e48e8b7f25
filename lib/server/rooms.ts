// A disk gets pieces of up to this size. Larger ones gain nothing, and with many uploads at once they would not all stay in the
// cache of the processor until they are written.
const ROOM_BYTES = 256 * 1024;
// With less left than this the other room is begun.
const LEAST_BYTES = 64 * 1024;

/** A part of a room that has been filled. */
interface Piece {
  readonly room: Buffer;
  readonly start: number;
  end: number;
}

/** Two buffers that take turns: one is filled while somebody works with the other. */
export class Rooms {
  readonly #pieces: Piece[] = [];
  /** The one that somebody works with. */
  #held: Piece | undefined;
  #filling = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #other = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #filled = 0;

  /** Where the next bytes go, as long as {@link isFree}. */
  get space(): Buffer {
    return this.#filling.subarray(this.#filled);
  }

  /** What was filled before does no harm to what is filled behind it; what is begun anew must be nobody's. */
  get isFree(): boolean {
    const room = this.#filling;
    return this.#filled > 0 || (this.#held?.room !== room && this.#pieces.every((piece) => piece.room !== room));
  }

  /** So many bytes lie in the {@link space} now. */
  fill(bytes: number): void {
    const [room, start] = [this.#filling, this.#filled];
    this.#filled += bytes;
    const last = this.#pieces.at(-1);
    if (last?.room === room && last.end === start) last.end = this.#filled;
    else this.#pieces.push({ room, start, end: this.#filled });
    if (room.length - this.#filled >= LEAST_BYTES) return;
    [this.#filling, this.#other] = [this.#other, room];
    this.#filled = 0;
  }

  /** What was filled first, as much of it as there is; the one before is needed no more. */
  next(): Buffer | undefined {
    this.#held = this.#pieces.shift();
    return this.#held?.room.subarray(this.#held.start, this.#held.end);
  }
}
