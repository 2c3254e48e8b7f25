import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { ControlRelay } from './control-relay.ts';
import { ArmedFaults, type Fault } from './fault.ts';

/**
 * Stands between a client and an FTP server, over real sockets, and makes go wrong what a spec wants.
 *
 * Data connections go through it as well: it opens a port of its own for each one that the server names in its answer to
 * EPSV or PASV. It speaks no TLS. Without faults it passes everything on.
 */
export class FaultProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  #bytesRead = 0;
  #server: Server;
  #port = 0;
  #opens: NodeJS.Timeout | undefined;
  #faults = new ArmedFaults([]);
  #cut: (text: Buffer) => readonly Buffer[] = whole;
  #joined: number | undefined;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = this.#makeServer();
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#open();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Let these things go wrong, and none of those before, on the connections that are opened from now on. */
  arm(...faults: readonly Fault[]): void {
    this.#faults = new ArmedFaults(faults);
  }

  /** Let what the server says travel in other pieces from now on. */
  cutReplies(cut: (text: Buffer) => readonly Buffer[]): void {
    this.#cut = cut;
  }

  /** Let the answers to commands that were sent ahead travel together from now on. */
  joinReplies(): void {
    this.#joined = 0;
  }

  /** Bytes of content and of words that came from either side, on the connections that are closed. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** How often each of the armed faults has really happened, and how many answers were joined if they are to be. */
  get happened(): readonly number[] {
    const joined = this.#joined === undefined ? [] : [this.#joined];
    return [...this.#faults.all.map(({ happened }) => happened), ...joined];
  }

  async #open(): Promise<void> {
    this.#server = this.#makeServer();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** End it with all connections. */
  async stop(): Promise<void> {
    clearTimeout(this.#opens);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Refuse connections for a while; those that are there stay. */
  #shutFor(ms: number): void {
    this.#server.close();
    this.#opens = setTimeout(() => void this.#open(), ms);
  }

  #makeServer(): Server {
    return createServer({ noDelay: true }, (client) => {
      const keep = (socket: Socket) => this.#keep(socket);
      const shutFor = (ms: number) => this.#shutFor(ms);
      const joins = this.#joined !== undefined;
      const onJoined = () => {
        this.#joined = (this.#joined ?? 0) + 1;
      };
      const travel = { cut: this.#cut, joins, onJoined };
      new ControlRelay(client, { ...this.#target, ...travel, faults: this.#faults, keep, shutFor });
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#bytesRead += socket.bytesRead;
    });
  }
}

function whole(text: Buffer): readonly Buffer[] {
  return [text];
}
