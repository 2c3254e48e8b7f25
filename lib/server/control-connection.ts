import { once } from 'node:events';
import type { Socket } from 'node:net';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { plainAddress } from '../base/plain-address.ts';
import { formatReply } from '../ftp/reply.ts';
import type { Answer } from './command.ts';
import { type QueuedRequest, type RequestListeners, RequestQueue } from './request-queue.ts';
import { freshSecurity, noSecurity } from './security.ts';
import type { SessionInfo } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';
import { startTls } from './tls-socket.ts';

// A peer that does not even take the last reply is not waited for longer.
const LAST_WORD_MS = 1_000;

/** What a session hears and says: its control connection, in plain text or secure. */
export class ControlConnection {
  /** How far TLS has come on it. */
  readonly security = noSecurity();
  readonly #info: SessionInfo;
  readonly #settings: SessionSettings;
  readonly #listeners: RequestListeners;
  /** The plain connection, and the secure one in its place from the handshake on. */
  #socket: Socket;
  #queue: RequestQueue;
  /** Preliminary replies that have not left. */
  #held = '';

  constructor(socket: Socket, info: SessionInfo, settings: SessionSettings, listeners: RequestListeners) {
    this.#info = info;
    this.#settings = settings;
    this.#listeners = listeners;
    this.#socket = socket;
    this.#queue = this.#queueOf(socket);
  }

  /** The server's end. */
  get localAddress(): string {
    return plainAddress(this.#socket.localAddress ?? '');
  }

  /** Is it protected? */
  get isSecure(): boolean {
    return this.security.context !== undefined;
  }

  /** Is there an ABOR among the commands that wait? */
  get hasAbort(): boolean {
    return this.#queue.hasAbort;
  }

  /** Has the client hung up? What it sent before is still worked on. */
  get hasEnded(): boolean {
    return this.#queue.hasEnded;
  }

  /** Has the client replies to take before it should get more? */
  get isBehind(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** The next command; `undefined` when there will be none any more. */
  next(): Promise<QueuedRequest | undefined> {
    return this.#queue.next();
  }

  /** Take in nothing more. */
  stop(): void {
    this.#queue.stop();
  }

  /** What is preliminary (1xx) leaves at the end of this turn, or with the last reply if that comes before. */
  reply({ code, text }: Answer): void {
    if (!this.#socket.writable) return;
    const reply = formatReply(code, text);
    if (code >= 200) this.#write(reply);
    else {
      this.#held += reply;
      // A small file has gone by then: each write to a client costs as much as reading and sending it.
      setImmediate(() => this.#write(''));
    }
    this.#settings.events.emit('replySent', { session: this.#info, code, text: reply });
  }

  /** A client that does not read its replies gets no more of them. */
  async drained(ended: AbortSignal): Promise<void> {
    // Refused when the session or the connection ends: whoever asks for the next request hears of that.
    await once(this.#socket, 'drain', { signal: ended }).catch(() => undefined);
  }

  /** @returns whether it is secure now; else it is closed */
  async startTls(ended: AbortSignal): Promise<boolean> {
    const { tls, events, clock, limits } = this.#settings;
    const session = this.#info;
    const plain = this.#socket;
    try {
      // In the same turn as the reply: what is here by now was sent in plain text behind AUTH, by whomever, and would be
      // taken for the client's (as in Pure-FTPd before 1.0.30).
      if (!this.#queue.release()) throw new Error('Something came in plain text behind AUTH');
      if (tls === undefined) throw new Error('There is no certificate');
      await new Promise<void>((resolve) => plain.write('', () => resolve()));
      const security = freshSecurity(tls);
      const socket = await startTls(plain, security.context, { clock, ms: limits.handshakeMs, signal: ended });
      this.#socket = socket;
      this.#queue = this.#queueOf(socket);
      // The level is what AUTH has asked for.
      Object.assign(this.security, security, { protection: this.security.protection });
      events.emit('tlsStarted', { session, protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name });
      return true;
    } catch (error) {
      if (codeOf(error) !== 'E_ABORTED') {
        events.emit('tlsFailed', { session, connection: 'control', reason: messageOf(error) });
      }
      plain.destroy();
      return false;
    }
  }

  /** Close it behind the last reply. */
  async hangUp(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new AbortController();
    this.#socket.once('close', () => closed.abort());
    this.#socket.destroySoon();
    await this.#settings.clock.wait(LAST_WORD_MS, closed.signal);
    this.#socket.destroy();
  }

  /** Close it at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #write(reply: string): void {
    const text = this.#held + reply;
    this.#held = '';
    if (text !== '' && this.#socket.writable) this.#socket.write(text);
  }

  #queueOf(socket: Socket): RequestQueue {
    return new RequestQueue(socket, this.#settings.limits.queuedLines, this.#listeners);
  }
}
