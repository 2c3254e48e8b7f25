import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { Inflow } from './inflow.ts';
import type { Pace } from './pace.ts';
import type { Direction } from './rates.ts';
import { ServerError } from './server-error.ts';

/** What the transfer on a data connection is held to. */
export interface DataRules {
  /** So long nothing may move, in milliseconds. */
  readonly stallMs: number;
  /** How fast it may go. */
  readonly pace: (direction: Direction) => Pace;
  readonly clock: Clock;
}

/** A data connection during its one transfer. */
export class DataConnection {
  #socket: Socket;
  readonly #rules: DataRules;
  #pace: Pace | undefined;
  /** All that the client sends has come. */
  #hasAll = false;
  /** Since when the client is waited for, to send or to take what was sent; `undefined` as long as we hold it up. */
  #awaitedSince: number | undefined;

  constructor(socket: Socket, rules: DataRules) {
    this.#socket = socket;
    this.#rules = rules;
    this.#watch();
  }

  /** Bytes of content that have come or gone so far. */
  get movedBytes(): number {
    return this.#pace?.movedBytes ?? 0;
  }

  /**
   * Receive all that the client sends, no faster than it may.
   *
   * @param take what is done with each piece, which is good until that is fulfilled
   */
  async receive(take: (piece: Buffer) => Promise<void>): Promise<void> {
    const pace = this.#begin('upload');
    const inflow = new Inflow(this.#socket, (socket) => this.#goOnWith(socket));
    for (let piece = await this.#next(inflow); piece !== undefined; piece = await this.#next(inflow)) {
      await pace.passOn(piece, take);
      // What came last may lie far back: the silence of the client begins now.
      this.#socket.setTimeout(this.#rules.stallMs);
    }
    this.#hasAll = true;
  }

  /**
   * Send, no faster than allowed; fulfilled when the system has all of it.
   *
   * @param content of which each part stays as it is until the next one is asked for
   */
  async send(content: AsyncIterable<Buffer | string>): Promise<void> {
    const pace = this.#begin('download');
    // Whatever the client says meanwhile is dropped: unread, it would turn our end of the connection into a reset.
    this.#socket.resume();
    for await (const part of content) {
      await pace.passOn(typeof part === 'string' ? Buffer.from(part) : part, (piece) =>
        this.#handOver((done) => this.#socket.write(piece, done)),
      );
    }
    await this.#handOver((done) => this.#socket.end(done));
    this.#closeInTime();
  }

  /** What was sent completely closes by itself when the client has it; an unsent rest must not look like an end. */
  close(): void {
    // Over TLS there are clients, Python's ftplib among them, that wait for our end when they have told theirs. In plain text
    // that of the connection says the same.
    if (this.#hasAll && this.#socket instanceof TLSSocket) this.#socket.destroySoon();
    else if (!this.#socket.writableFinished) this.#socket.destroy();
  }

  /** Break it off, whatever the client does; what was sent completely the system still brings there. */
  drop(): void {
    this.#socket.destroy();
  }

  /** How long the client has kept us waiting by now, in milliseconds. */
  get silentMs(): number {
    return this.#awaitedSince === undefined ? 0 : this.#rules.clock.now() - this.#awaitedSince;
  }

  async #next(inflow: Inflow): Promise<Buffer | undefined> {
    this.#awaitedSince = this.#rules.clock.now();
    const piece = await inflow.next();
    this.#awaitedSince = undefined;
    return piece;
  }

  #goOnWith(socket: Socket): void {
    this.#socket.setTimeout(0);
    this.#socket = socket;
    this.#watch();
  }

  #watch(): void {
    this.#socket.on('timeout', () => this.#onSilence());
    this.#socket.setTimeout(this.#rules.stallMs);
  }

  /** As long as the system does not take what it is given, the client is waited for. */
  async #handOver(give: (done: (error?: Error | null) => void) => void): Promise<void> {
    this.#awaitedSince = this.#rules.clock.now();
    await new Promise<void>((resolve, reject) => {
      give((error) => {
        // What was under way while the connection was destroyed has gone, if one believes Node.
        if (error || this.#socket.destroyed) reject(this.#socket.errored ?? brokenOff(error));
        else resolve();
      });
    });
    this.#awaitedSince = undefined;
  }

  /** A client that keeps its end open, and goes on saying something, would hold a descriptor of ours for ever. */
  #closeInTime(): void {
    if (this.#socket.closed) return;
    this.#socket.setTimeout(0);
    this.#socket.once(
      'close',
      this.#rules.clock.after(this.#rules.stallMs, () => this.drop()),
    );
  }

  #begin(direction: Direction): Pace {
    this.#pace = this.#rules.pace(direction);
    return this.#pace;
  }

  #onSilence(): void {
    // Held up by us: the time begins anew.
    if (this.#awaitedSince === undefined) this.#socket.setTimeout(this.#rules.stallMs);
    else this.#socket.destroy(new ServerError('E_ABORTED', 'The data connection stands still'));
  }
}

function brokenOff(cause: unknown): ServerError {
  return new ServerError('E_ABORTED', 'Transfer aborted', { cause });
}
