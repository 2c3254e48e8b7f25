import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { parseExtendedPassive } from '../../lib/ftp/address.ts';
import { type Reply, ReplyParser } from '../../lib/ftp/reply.ts';

/** A control connection of which a spec writes every byte itself. */
export class ControlLine {
  #socket: Socket;
  /** What the server gave to be shown again by a later connection, the latest first. */
  readonly #tlsSessions: Buffer[] = [];
  readonly #parser = new ReplyParser();
  readonly #replies: Reply[] = [];
  #waiting: (() => void)[] = [];
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listenTo(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Wait for the session that a data connection can take up; with TLS 1.3 it comes behind the handshake. */
  async tlsSession(): Promise<Buffer> {
    while (this.#tlsSessions.length === 0) await this.nothing();
    const [session] = this.#tlsSessions;
    if (session === undefined) throw new Error('No TLS session');
    return session;
  }

  /** Connect, and take the greeting. */
  static async to(port: number, host = '127.0.0.1', localAddress = host): Promise<ControlLine> {
    const line = new ControlLine(connect({ port, host, localAddress }));
    await line.reply();
    return line;
  }

  /** Connect where TLS begins with the first byte, and take the greeting. */
  static async toTls(port: number, options: ConnectionOptions = {}): Promise<ControlLine> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    const line = new ControlLine(socket);
    line.#keepSessionsOf(socket);
    await line.reply();
    return line;
  }

  /** Send AUTH TLS, and go on over TLS; throws where that is refused. */
  async startTls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    this.#expect(await this.ask('AUTH TLS'), 234);
    return this.handshake(options);
  }

  /** Go on over TLS. */
  async handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const socket = connectTls({ socket: plain, rejectUnauthorized: false, ...options });
    this.#keepSessionsOf(socket);
    await once(socket, 'secureConnect');
    this.#socket = socket;
    this.#listenTo(socket);
    return socket;
  }

  #keepSessionsOf(socket: TLSSocket): void {
    socket.on('session', (session: Buffer) => this.#tlsSessions.unshift(session));
  }

  #listenTo(socket: Socket): void {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#replies.push(...this.#parser.feed(text));
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Send bytes as they are. */
  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next reply, preliminary ones included. */
  async reply(): Promise<Reply> {
    while (this.#replies.length === 0) {
      if (this.#isClosed) throw new Error('The server closed the connection without a reply');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const reply = this.#replies.shift();
    if (reply === undefined) throw new Error('No reply');
    return reply;
  }

  /** Send a command line, and take the next reply. */
  async ask(command: string): Promise<Reply> {
    this.send(`${command}\r\n`);
    return this.reply();
  }

  /** The code of the next reply to a command line. */
  async code(command: string): Promise<number> {
    return (await this.ask(command)).code;
  }

  /** The codes of the next replies, in order. */
  async codes(count: number): Promise<readonly number[]> {
    const codes: number[] = [];
    while (codes.length < count) codes.push((await this.reply()).code);
    return codes;
  }

  async logIn(user = 'steve', password = 'secret'): Promise<void> {
    await this.ask(`USER ${user}`);
    const { code } = await this.ask(`PASS ${password}`);
    if (code !== 230) throw new Error(`Login answered ${code}`);
    await this.ask('TYPE I');
  }

  /** The port of a data connection, by EPSV. */
  async passivePort(): Promise<number> {
    const { code, lines } = await this.ask('EPSV');
    if (code !== 229) throw new Error(`EPSV answered ${code}`);
    return parseExtendedPassive(lines[0] ?? '');
  }

  /** An open data connection. */
  async dataConnection(): Promise<Socket> {
    return connected(await this.passivePort(), this.#socket.remoteAddress);
  }

  /** All that a transfer command sends; throws unless 150 and 226 are its replies. */
  async download(command: string): Promise<Buffer> {
    const data = await this.dataConnection();
    this.#expect(await this.ask(command), 150);
    const chunks: Buffer[] = [];
    for await (const chunk of data) chunks.push(chunk);
    this.#expect(await this.reply(), 226);
    return Buffer.concat(chunks);
  }

  /** Send a content with a transfer command; throws unless 150 and 226 are its replies. */
  async upload(command: string, content: string | Buffer): Promise<void> {
    const data = await this.dataConnection();
    this.#expect(await this.ask(command), 150);
    data.end(content);
    this.#expect(await this.reply(), 226);
  }

  /** The client's end of the connection. */
  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Let the server work off what it has: one turn of the loop. */
  async nothing(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Fulfilled when the server has closed the connection. */
  async closed(): Promise<void> {
    if (!this.#isClosed) await once(this.#socket, 'close');
  }

  close(): void {
    this.#socket.destroy();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #expect({ code, lines }: Reply, wanted: number): void {
    if (code !== wanted) throw new Error(`Wanted ${wanted}, got ${code} ${lines.join(' / ')}`);
  }
}

/** TLS on a data connection, as its client. */
export async function secureData(plain: Socket, session?: Buffer, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const resumed = session === undefined ? {} : { session };
  const socket = connectTls({ socket: plain, rejectUnauthorized: false, ...resumed, ...options });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** A connection to a port of this machine. */
export async function connected(port: number, host = '127.0.0.1', localAddress = host): Promise<Socket> {
  const socket = connect({ port, host, localAddress });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
