import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../base/clock.ts';
import { gather } from './gather.ts';
import type { Pace } from './pace.ts';
import type { Direction } from './rates.ts';
import { ServerError } from './server-error.ts';

/** What the transfer on a data connection is held to. */
export interface DataRules {
  /** So long nothing may move, in milliseconds. */
  readonly stallMs: number;
  /** How fast it may go. */
  readonly pace: (direction: Direction) => Pace;
  /** Breaks it off. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** A data connection during its one transfer. To be iterated over: what the client sends. */
export class DataConnection implements AsyncIterable<Buffer> {
  readonly #socket: Socket;
  readonly #rules: DataRules;
  #pace: Pace | undefined;
  /** All that the client sends has come. */
  #hasAll = false;
  /** Since when the client is waited for, to send or to take what was sent; `undefined` as long as we hold it up. */
  #awaitedSince: number | undefined;

  constructor(socket: Socket, rules: DataRules) {
    this.#socket = socket;
    this.#rules = rules;
    socket.on('timeout', () => this.#onSilence());
    socket.setTimeout(rules.stallMs);
    // Whoever waits for content would not hear of the signal otherwise.
    if (rules.signal.aborted) socket.destroy();
    rules.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }

  /** Bytes of content that have come or gone so far. */
  get movedBytes(): number {
    return this.#pace?.movedBytes ?? 0;
  }

  /** What the client sends, no faster than it may. */
  [Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    return this.#paced(this.#received(), 'upload');
  }

  /** Send, no faster than allowed; fulfilled when the system has all of it. */
  async send(content: AsyncIterable<Buffer | string>): Promise<void> {
    // Whatever the client says meanwhile is dropped: unread, it would turn our end of the connection into a reset.
    this.#socket.resume();
    await pipeline(this.#sent(this.#paced(content, 'download')), this.#socket, {
      signal: this.#rules.signal,
    });
    void this.#closeInTime();
  }

  /** What was sent completely closes by itself when the client has it; an unsent rest must not look like an end. */
  close(): void {
    // Over TLS there are clients, Python's ftplib among them, that wait for our end when they have told theirs.
    if (this.#hasAll) this.#socket.destroySoon();
    else if (!this.#socket.writableFinished) this.#socket.destroy();
  }

  /** Let go of it, whatever the client does; what was sent completely the system still brings there. */
  drop(): void {
    this.#socket.destroy();
  }

  /** How long the client has kept us waiting by now, in milliseconds. */
  get silentMs(): number {
    return this.#awaitedSince === undefined ? 0 : this.#rules.clock.now() - this.#awaitedSince;
  }

  async *#received(): AsyncGenerator<Buffer> {
    const { clock } = this.#rules;
    this.#awaitedSince = clock.now();
    for await (const piece of gather(this.#socket)) {
      this.#awaitedSince = undefined;
      yield piece;
      this.#awaitedSince = clock.now();
      // What came last may lie far back: the silence of the client begins now.
      this.#socket.setTimeout(this.#rules.stallMs);
    }
    this.#awaitedSince = undefined;
    this.#hasAll = true;
  }

  async *#sent(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { clock } = this.#rules;
    for await (const piece of content) {
      this.#awaitedSince = clock.now();
      yield piece;
      this.#awaitedSince = undefined;
    }
    this.#awaitedSince = clock.now();
  }

  /** A client that keeps its end open, and goes on saying something, would hold a descriptor of ours for ever. */
  async #closeInTime(): Promise<void> {
    if (this.#socket.closed) return;
    this.#socket.setTimeout(0);
    const closed = new AbortController();
    // With a reason of ours: Node would make an error with a stack, for each download.
    this.#socket.once('close', () => closed.abort('closed'));
    await this.#rules.clock.wait(this.#rules.stallMs, closed.signal);
    this.drop();
  }

  #paced(content: AsyncIterable<Buffer | string>, direction: Direction): AsyncGenerator<Buffer> {
    this.#pace = this.#rules.pace(direction);
    return this.#pace.hold(content);
  }

  #onSilence(): void {
    // Held up by us: the time begins anew.
    if (this.#awaitedSince === undefined) this.#socket.setTimeout(this.#rules.stallMs);
    else this.#socket.destroy(new ServerError('E_ABORTED', 'The data connection stands still'));
  }
}
