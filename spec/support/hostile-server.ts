import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** What a hostile server does; everything else it does as one would expect. */
export interface Hostility {
  /** Lines of every listing, without their line ends. */
  readonly listing?: readonly string[];
  /** Features besides those that a listing needs. */
  readonly features?: readonly string[];
  /** Answers by verb, `%PORT%` standing for its data port; `undefined` for the ordinary one. */
  readonly answers?: Readonly<Record<string, string>>;
  /** What is sent over each data connection of RETR. */
  readonly content?: string;
}

/** A server that lies: it answers every client and every name, and listens on loopback only. */
export class HostileServer {
  /** All commands, in the order in which they came. */
  readonly commands: string[] = [];
  /** How many data connections came to its own port. */
  dataConnections = 0;
  readonly #control: Server;
  readonly #data: Server;
  readonly #sockets = new Set<Socket>();
  readonly #hostility: Hostility;
  #waiting: ((socket: Socket) => void)[] = [];
  #arrived: Socket[] = [];

  private constructor(hostility: Hostility) {
    this.#hostility = hostility;
    this.#control = createServer((socket) => this.#serve(socket));
    this.#data = createServer((socket) => {
      this.dataConnections += 1;
      this.#keep(socket);
      const wanted = this.#waiting.shift();
      if (wanted) wanted(socket);
      else this.#arrived.push(socket);
    });
  }

  static async start(hostility: Hostility = {}): Promise<HostileServer> {
    const server = new HostileServer(hostility);
    for (const listener of [server.#control, server.#data]) {
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
    }
    return server;
  }

  get port(): number {
    return portOf(this.#control);
  }

  get dataPort(): number {
    return portOf(this.#data);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([this.#control, this.#data].map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }

  #serve(socket: Socket): void {
    this.#keep(socket);
    socket.write(`${this.#hostility.answers?.['greeting'] ?? '220 come in'}\r\n`);
    let unread = '';
    let turn = Promise.resolve();
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unread + text).split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        this.commands.push(line);
        turn = turn.then(() => this.#answer(socket, line));
      }
    });
  }

  async #answer(socket: Socket, line: string): Promise<void> {
    const [verb = ''] = line.split(' ', 1);
    const { answers = {}, listing = [], content = 'content' } = this.#hostility;
    const hostile = answers[verb]?.replaceAll('%PORT%', `${this.dataPort >> 8},${this.dataPort & 255}`);
    if (hostile !== undefined) socket.write(`${hostile}\r\n`);
    else if (verb === 'MLSD') await this.#send(socket, listing.map((entry) => `${entry}\r\n`).join(''));
    else if (verb === 'RETR') await this.#send(socket, content);
    else socket.write(`${this.#ordinary(verb)}\r\n`);
  }

  #ordinary(verb: string): string {
    switch (verb) {
      case 'USER':
        return '331 and';
      case 'PASS':
        return '230 in';
      case 'FEAT':
        return [
          '211-I can',
          ' MLST type*;size*;modify*;',
          ...(this.#hostility.features ?? []).map((name) => ` ${name}`),
          '211 that',
        ].join('\r\n');
      case 'PWD':
        return '257 "/"';
      case 'EPSV':
        return `229 (|||${this.dataPort}|)`;
      case 'PASV':
        return `227 (127,0,0,1,${this.dataPort >> 8},${this.dataPort & 255})`;
      case 'MLST':
        return '250-\r\n type=file;size=7;modify=20200101000000; x\r\n250 so';
      case 'SIZE':
        return '213 7';
      case 'MDTM':
        return '213 20200101000000';
      case 'CWD':
        return '250 there';
      default:
        return '200 so be it';
    }
  }

  async #send(socket: Socket, content: string): Promise<void> {
    const data = this.#arrived.shift() ?? (await new Promise<Socket>((resolve) => this.#waiting.push(resolve)));
    socket.write('150 here\r\n');
    data.end(content);
    await once(data, 'close');
    socket.write('226 that was it\r\n');
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
}
