import type { Socket } from 'node:net';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import { Client, FTPContext, type FTPResponse } from 'basic-ftp';
import type { Limiter } from './limiter.ts';
import type { Line } from './line.ts';
import { tlsProblem } from './tls-problem.ts';

// A reply line longer than this is no reply; basic-ftp bounds whole replies at the same size.
const LONGEST_LINE = 2 ** 16;

/**
 * basic-ftp's context, fed with whole lines only.
 *
 * The library takes a single-line reply as complete as soon as it looks like one: split by TCP inside its code it is lost,
 * split inside its text it is cut short (`229 ... (|||53` and `249|)`). Seen in 6.2.3.
 */
class LineSafeContext extends FTPContext {
  // Declared, not initialised: the library's constructor sets the socket before fields of this class would exist.
  declare private unfinished: string;
  declare private isTransferring: boolean;
  private readonly line: Line;

  constructor(timeoutMs: number, line: Line) {
    super(timeoutMs);
    this.line = line;
  }

  /** All commands but those of a flight go out here. The password follows behind the name without being told of. */
  override async handle(...[command, responseHandler]: Parameters<FTPContext['handle']>): Promise<unknown> {
    // Without a command the handler must be there when this returns: what it is for is sent right behind it.
    if (command !== undefined) await this.line.limiter.commands(command.startsWith('USER ') ? 2 : 1);
    return super.handle(command, responseHandler);
  }

  /** The library tells here what is said, passwords left out. */
  override log(message: string): void {
    this.line?.onSaid(message);
  }

  override get socket(): FTPContext['socket'] {
    return super.socket;
  }

  /** Nothing of what came over one socket may be read as coming over the next: after AUTH TLS that would be an injection. */
  override set socket(socket: FTPContext['socket']) {
    this.unfinished = '';
    super.socket = socket;
  }

  protected override _passToHandler(response: Error | FTPResponse): void {
    this.isTransferring = 'code' in response && (response.code === 150 || response.code === 125);
    super._passToHandler(response);
  }

  /**
   * A data connection that breaks before its transfer began breaks nothing else: ProFTPD resets it when it refuses a STOR,
   * and the reply that says why would be lost with the control connection. One that leads to somebody else does: whoever
   * waits there may have all that the server has.
   */
  protected override _setupDefaultErrorHandlers(socket: Socket, identifier: string): void {
    if (identifier === 'control socket') {
      super._setupDefaultErrorHandlers(socket, identifier);
      return;
    }
    socket.on('error', (error) => {
      if (this.isTransferring || tlsProblem(error) !== undefined) this.closeWithError(error);
    });
    // The first to listen is the first to be told: nothing is sent or read before.
    if (socket instanceof TLSSocket) socket.once('secureConnect', () => this.assertTrusted(socket));
  }

  private assertTrusted(socket: TLSSocket): void {
    try {
      this.line.trust.assertTrusted(socket);
    } catch (error) {
      this.closeWithError(error as Error);
    }
  }

  protected override _onControlSocketData(chunk: string): void {
    const text = this.unfinished + chunk;
    const end = text.lastIndexOf('\n') + 1;
    this.unfinished = text.slice(end);
    if (this.unfinished.length > LONGEST_LINE) {
      this.unfinished = '';
      this.closeWithError(new Error('The server sent a reply line without an end'));
    } else if (end > 0) {
      super._onControlSocketData(text.slice(0, end));
    }
  }
}

/** basic-ftp's client on whole lines, which believes only whom it shall. */
export class LineSafeClient extends Client {
  override readonly ftp: FTPContext;
  readonly limiter: Limiter;
  readonly #line: Line;

  constructor(timeoutMs: number, line: Line) {
    super(timeoutMs);
    this.ftp = new LineSafeContext(timeoutMs, line);
    this.limiter = line.limiter;
    this.#line = line;
  }

  /** The library watches over replies only: nothing there ends a handshake that the server leaves unanswered. */
  override async useTLS(options: ConnectionOptions): Promise<FTPResponse> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('Timeout (TLS handshake)')), this.ftp.timeout);
    });
    try {
      const reply = await Promise.race([super.useTLS(options), late]);
      this.#assertTrusted();
      return reply;
    } finally {
      clearTimeout(timer);
    }
  }

  override async connectImplicitTLS(host: string, port: number, options: ConnectionOptions): Promise<FTPResponse> {
    const greeting = await super.connectImplicitTLS(host, port, options);
    this.#assertTrusted();
    return greeting;
  }

  #assertTrusted(): void {
    if (this.ftp.socket instanceof TLSSocket) this.#line.trust.assertTrusted(this.ftp.socket);
  }
}
