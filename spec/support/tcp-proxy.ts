import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where a {@link TcpProxy} stands, and whom it leads to. */
export interface TcpProxyOptions {
  readonly listen: { readonly address: string; readonly port?: number };
  readonly target: { readonly address: string; readonly port: number };
  /** What its connections to the target come from. */
  readonly localAddress?: string;
}

/** One connection through the proxy. */
interface Passage {
  readonly near: Socket;
  readonly far: Socket;
}

/** What is done to bytes on their way; `toTarget` tells which way that is. */
export type Meddling = (bytes: Buffer, toTarget: boolean) => Buffer;

/** Stands between two programs, and cuts, stalls, listens to or changes what they say. */
export class TcpProxy {
  /** What passed, both ways, while `records` was set. */
  readonly recorded: Buffer[] = [];
  records = false;
  /** Bytes that passed so far. */
  passed = 0;
  readonly #options: TcpProxyOptions;
  readonly #server: Server;
  readonly #news = new EventEmitter();
  readonly #passages = new Set<Passage>();
  #meddle: Meddling = (bytes) => bytes;
  #bytesPerSecond = Number.POSITIVE_INFINITY;
  #isStalled = false;
  #accepts = true;

  private constructor(options: TcpProxyOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => this.#lead(near));
  }

  static async open(options: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    proxy.#server.listen(options.listen.port ?? 0, options.listen.address);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#passages.size;
  }

  /** Fulfilled when the next connection through it is over, or is sent away. */
  async closedOne(): Promise<void> {
    await once(this.#news, 'closed');
  }

  /** End all connections with a reset, as a machine that was started again does. */
  cut(): void {
    for (const { near, far } of this.#passages) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Take nothing from anybody any more, and tell nobody, as a cable that was pulled; what comes new stalls as well. */
  stall(): void {
    this.#isStalled = true;
    for (const { near, far } of this.#passages) {
      near.pause();
      far.pause();
    }
  }

  /** Go on after a {@link stall}. */
  flow(): void {
    this.#isStalled = false;
    for (const { near, far } of this.#passages) {
      near.resume();
      far.resume();
    }
  }

  /** Let no more than so many bytes pass each second, of each connection and in each direction. */
  limit(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Whoever comes from now on is sent away at once, or not. */
  accept(accepts: boolean): void {
    this.#accepts = accepts;
  }

  /** Change what passes from now on. */
  meddle(meddling: Meddling): void {
    this.#meddle = meddling;
  }

  /** Turn over one bit of a byte, when so many more have passed. */
  flipBitAfter(bytes: number): void {
    let left = bytes;
    this.#meddle = (piece) => {
      const changed = Buffer.from(piece);
      if (left >= 0 && left < piece.length) changed.writeUInt8(changed.readUInt8(left) ^ 1, left);
      left -= piece.length;
      return changed;
    };
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#passages) {
      near.destroy();
      far.destroy();
    }
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(near: Socket): void {
    near.on('error', () => undefined);
    if (!this.#accepts) {
      near.destroy();
      this.#news.emit('closed');
      return;
    }
    const { target, localAddress } = this.#options;
    const far = connect({
      host: target.address,
      port: target.port,
      allowHalfOpen: true,
      noDelay: true,
      ...(localAddress !== undefined && { localAddress }),
    });
    far.on('error', () => undefined);
    const passage = { near, far };
    this.#passages.add(passage);
    this.#pipe(passage, near, far);
    this.#pipe(passage, far, near);
  }

  #pipe(passage: Passage, from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      this.passed += bytes.length;
      if (this.records) this.recorded.push(bytes);
      const goesOn = to.write(this.#meddle(bytes, from === passage.near));
      const ms = (bytes.length / this.#bytesPerSecond) * 1000;
      if (goesOn && ms === 0) return;
      from.pause();
      const goOn = () => {
        if (!this.#isStalled) from.resume();
      };
      const goOnLater = () => setTimeout(goOn, ms);
      if (goesOn) goOnLater();
      else to.once('drain', ms === 0 ? goOn : goOnLater);
    });
    from.once('end', () => to.end());
    from.once('close', () => {
      if (this.#passages.delete(passage)) this.#news.emit('closed');
      to.destroy();
    });
    if (this.#isStalled) from.pause();
  }
}
