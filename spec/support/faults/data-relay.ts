import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ArmedFaults } from './fault.ts';
import { FaultyWriter, type Goes } from './faulty-writer.ts';

/** Where a data connection is to lead, and what may happen to it. */
export interface DataRelaySettings {
  readonly host: string;
  /** The server's port. */
  readonly port: number;
  readonly faults: ArmedFaults;
  /** Told of every socket, so that none is left open. */
  readonly keep: (socket: Socket) => void;
}

/** One data connection through the proxy: the client comes to a port of ours, and we go to the server's. */
export class DataRelay {
  readonly #settings: DataRelaySettings;
  readonly #listener: Server;
  #ends: { readonly client: Socket; readonly server: Socket } | undefined;
  #line: string | undefined;

  private constructor(settings: DataRelaySettings) {
    this.#settings = settings;
    this.#listener = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (client) =>
      this.#accept(client),
    );
  }

  static async open(settings: DataRelaySettings): Promise<DataRelay> {
    const relay = new DataRelay(settings);
    relay.#listener.listen(0, '127.0.0.1');
    await once(relay.#listener, 'listening');
    return relay;
  }

  /** Where the client is to go. */
  get port(): number {
    const address = this.#listener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** From now on it serves this command. */
  serve(line: string): void {
    this.#line = line;
    this.#relay();
  }

  /** Take no client any more; the connection that is there stays. */
  close(): void {
    this.#listener.close();
  }

  #accept(client: Socket): void {
    const { host, port, keep } = this.#settings;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    server.pause();
    keep(client);
    keep(server);
    this.#ends = { client, server };
    // A connection that breaks on one side breaks on the other.
    client.once('close', (isTorn) => {
      if (this.#settings.faults.leavesOpen) return;
      if (isTorn) server.resetAndDestroy();
      else server.end();
    });
    server.once('close', (isTorn) => (isTorn ? client.resetAndDestroy() : client.end()));
    this.close();
    this.#relay();
  }

  #relay(): void {
    if (!this.#ends || this.#line === undefined) return;
    const { client, server } = this.#ends;
    const faults = this.#settings.faults.ofData(this.#line);
    pump(client, server, (goes) => this.#end(goes, client, server), faults);
    pump(server, client, (goes) => this.#end(goes, server, client), faults);
  }

  #end(goes: Goes, from: Socket, to: Socket): void {
    switch (goes) {
      case 'FIN':
        from.end();
        to.end();
        break;
      case 'swallow':
        to.end();
        break;
      case 'RST':
        from.resetAndDestroy();
        to.resetAndDestroy();
        break;
      case 'silence':
        from.pause();
        to.pause();
        break;
      case 'half-open':
        this.#settings.faults.leavesOpen = true;
        from.resetAndDestroy();
        break;
      case 'trickle':
    }
  }
}

function pump(
  from: Socket,
  to: Socket,
  onDue: (goes: Goes) => void,
  faults: ConstructorParameters<typeof FaultyWriter>[1],
): void {
  let isOver = false;
  const writer = new FaultyWriter(to, faults, (goes) => {
    isOver = true;
    onDue(goes);
  });
  from.on('data', (chunk: Buffer) => {
    if (writer.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  // What the fault has made of the connection is not to be ended in order.
  from.once('end', () => (isOver ? undefined : to.end()));
  from.resume();
}
