import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Identity } from '../../../lib/share/link/identity.ts';
import { TlsPrivacy } from '../../../lib/share/link/tls-privacy.ts';
import { encodeMessage } from '../../../lib/share/wire/encode-message.ts';
import type { Message } from '../../../lib/share/wire/message.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { at, helloOf, PORT } from './link-scene.ts';

/** A peer that says what a spec wants it to say, and nothing by itself. */
export class RawPeer {
  readonly socket: Socket;
  readonly heard: Message[] = [];
  readonly #closed: Promise<unknown>;
  // As many may wait as like.
  readonly #news = new EventEmitter().setMaxListeners(0);

  constructor(socket: Socket) {
    this.socket = socket;
    this.#closed = once(this.#news, 'closed');
    const reader = new MessageReader({ clock: { now: () => Date.now() } });
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      try {
        this.heard.push(...reader.push(bytes));
      } catch {
        // Alerts of TLS, for example: no message, and nobody asks for it.
      }
      this.#news.emit('news');
    });
    socket.on('close', () => this.#news.emit('closed'));
  }

  /** Connect. */
  static async dial(from: string, to: string, port = PORT): Promise<RawPeer> {
    const peer = new RawPeer(connect({ ...at(to, port), host: to, localAddress: from, noDelay: true }));
    await Promise.race([once(peer.socket, 'connect').catch(() => undefined), peer.#closed]);
    return peer;
  }

  /** Connect, with encryption. */
  static async dialEncrypted(from: string, to: string, identity: Identity): Promise<RawPeer> {
    const plain = connect({ ...at(to), host: to, localAddress: from, noDelay: true });
    await once(plain, 'connect');
    const made = await new TlsPrivacy(identity).dial(plain);
    if (made.kind !== 'open') throw new Error(`not encrypted: ${made.kind}`);
    return new RawPeer(made.socket);
  }

  say(message: Message): this {
    for (const part of encodeMessage(message)) this.socket.write(part);
    return this;
  }

  hello(digit: string): this {
    return this.say({ kind: 'hello', port: PORT, ...helloOf(digit) });
  }

  /** Fulfilled when such a message has come. */
  async hear(kind: Message['kind']): Promise<Message> {
    return this.hearThat((message) => message.kind === kind);
  }

  /** Fulfilled when a message has come for which that is so. */
  async hearThat(isSo: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const message = this.heard.find(isSo);
      if (message !== undefined) return message;
      await once(this.#news, 'news');
    }
  }

  /** Fulfilled when the other side has closed the connection. */
  async closed(): Promise<void> {
    await this.#closed;
  }
}
