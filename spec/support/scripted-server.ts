import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Site } from '../../lib/ftp/site.ts';

/** What a script has in its hand when it answers a command. */
export interface ScriptedCommand {
  readonly verb: string;
  readonly argument: string;
  readonly control: Socket;
  /** Counts the control connections from 1. */
  readonly session: number;
  /** How often this verb came before, over all connections. */
  readonly before: number;
  /** The files that are stored: name and content. */
  readonly files: Map<string, Buffer>;
  /** The ordinary answer, done and all. */
  ordinary(): Promise<string>;
  /** The data connection, as soon as the client has opened it. */
  data(): Promise<Socket>;
}

/** An answer: one line, or several parted by `\n`; `undefined` for silence. */
export type ScriptedAnswer = string | undefined | Promise<string | undefined>;

/** Answers by verb; `greeting` is what is said first. Verbs that are not in it are answered in the ordinary way. */
export type Script = Readonly<Record<string, string | ((command: ScriptedCommand) => ScriptedAnswer)>>;

/** How what the server says travels: piece by piece, each one in a segment of its own. */
export type Cut = (text: string) => readonly string[];

/**
 * A server that says what a spec wants, over real sockets.
 *
 * It keeps files in memory and knows one folder, `/`, and those made; faults are what it is for.
 */
export class ScriptedServer {
  /** All commands, `VERB argument`, in order of arrival. */
  readonly commands: string[] = [];
  readonly files = new Map<string, Buffer>();
  readonly folders = new Set(['/']);
  readonly #script: Script;
  readonly #cut: Cut;
  readonly #tls: TlsOptions | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #sessions = 0;

  private constructor(script: Script, cut: Cut, tls: TlsOptions | undefined) {
    this.#script = script;
    this.#cut = cut;
    this.#tls = tls;
    const serve = (socket: Socket) => void this.#serve(socket);
    this.#server = tls ? createTlsServer(tls, serve) : createServer({ noDelay: true }, serve);
    this.#server.on('tlsClientError', () => undefined);
  }

  /** @param tls key and certificate where both kinds of connections speak TLS from the first byte */
  static async start(script: Script = {}, cut: Cut = (text) => [text], tls?: TlsOptions): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(script, cut, tls);
    scripted.#server.listen(0, '127.0.0.1');
    await once(scripted.#server, 'listening');
    return scripted;
  }

  get port(): number {
    return portOf(this.#server);
  }

  get site(): Site {
    return { protocol: 'ftp', host: '127.0.0.1', port: this.port, user: 'me', password: 'secret', directory: '/' };
  }

  /** How many control connections there were. */
  get sessions(): number {
    return this.#sessions;
  }

  /** The verbs of all commands since the last login. */
  get verbs(): readonly string[] {
    return this.commands.map((line) => line.split(' ', 1)[0] ?? '');
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #serve(control: Socket): Promise<void> {
    this.#keep(control);
    this.#sessions += 1;
    const session = new Session(this, (socket) => this.#keep(socket), this.#tls);
    const number = this.#sessions;
    const answer = async (verb: string, argument: string) => {
      const before = this.verbs.filter((known) => known === verb).length - (verb === 'greeting' ? 0 : 1);
      const ordinary = () => session.answer(verb, argument, (text) => this.#say(control, text));
      const wanted = this.#script[verb] ?? ordinary;
      const text =
        typeof wanted === 'string'
          ? wanted
          : await wanted({
              ...{ verb, argument, control, session: number, before, files: this.files, ordinary },
              data: () => session.data(),
            });
      if (text !== undefined) await this.#say(control, text);
    };
    await answer('greeting', '');
    let unread = '';
    let turn = Promise.resolve();
    control.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (unread + chunk).split('\r\n');
      unread = lines.pop() ?? '';
      for (const line of lines) {
        const [verb = ''] = line.split(' ', 1);
        this.commands.push(line);
        turn = turn.then(() => answer(verb, line.slice(verb.length + 1)));
      }
    });
    control.on('close', () => session.close());
  }

  async #say(control: Socket, text: string): Promise<void> {
    for (const piece of this.#cut(`${text.replaceAll('\n', '\r\n')}\r\n`)) {
      if (!control.writable) return;
      await new Promise((resolve) => control.write(piece, resolve));
      // Two turns of the event loop: the client's end gets to read what is there before the next piece is written.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
  }
}

// Most files that a spec sends are smaller; for others the room is doubled.
const ROOM = 4096;

/** The ordinary behaviour of one control connection. */
class Session {
  readonly #files: Map<string, Buffer>;
  readonly #folders: Set<string>;
  readonly #keep: (socket: Socket) => void;
  readonly #tls: TlsOptions | undefined;
  #listener: Server | undefined;
  #arrived: Promise<Socket> | undefined;
  #renamed = '';
  #working = '/';
  #restart = 0;

  constructor(
    { files, folders }: Pick<ScriptedServer, 'files' | 'folders'>,
    keep: (socket: Socket) => void,
    tls: TlsOptions | undefined,
  ) {
    this.#files = files;
    this.#folders = folders;
    this.#keep = keep;
    this.#tls = tls;
  }

  async answer(verb: string, argument: string, say: (text: string) => Promise<void>): Promise<string> {
    const known = this.#files.get(argument);
    switch (verb) {
      case 'greeting':
        return '220 hello';
      case 'USER':
        return '331 and the password';
      case 'PASS':
        return '230 come in';
      case 'FEAT':
        return '211-I can\n MLST type*;size*;modify*;\n SIZE\n MFMT\n211 that';
      case 'PWD':
        return '257 "/" it is';
      case 'CWD':
        if (!this.#folders.has(argument)) return '550 no such folder';
        this.#working = argument;
        return '250 there';
      case 'MKD':
        this.#folders.add(argument);
        return `257 "${argument}" made`;
      case 'RMD':
        return this.#folders.delete(argument) ? '250 gone' : '550 no such folder';
      case 'DELE':
        return this.#files.delete(argument) ? '250 gone' : '550 no such file';
      case 'SIZE':
        return known ? `213 ${known.length}` : '550 no such file';
      case 'MFMT':
        return this.#files.has(argument.slice(argument.indexOf(' ') + 1)) ? '213 set' : '550 no such file';
      case 'RNFR':
        this.#renamed = argument;
        return known ? '350 and to' : '550 no such file';
      case 'RNTO':
        return this.#rename(argument);
      case 'EPSV':
        return `229 come (|||${await this.#listen()}|)`;
      case 'PASV':
        return passive(await this.#listen());
      case 'REST':
        this.#restart = Number(argument);
        return '350 and what';
      case 'STOR':
        return this.#store(argument, known?.subarray(0, this.#restart) ?? Buffer.alloc(0), say);
      case 'RETR':
        return known ? this.#retrieve(known, say) : '550 no such file';
      case 'MDTM':
        return known ? '213 20200913122640' : '550 no such file';
      case 'APPE':
        return this.#store(argument, known ?? Buffer.alloc(0), say);
      case 'HASH':
        return known ? `213 SHA-256 0-${known.length} ${sha256(known)} ${argument}` : '550 no such file';
      case 'MLSD':
        return this.#list(say);
      case 'TYPE':
      case 'STRU':
      case 'OPTS':
      case 'PBSZ':
      case 'PROT':
      case 'NOOP':
        return '200 so be it';
      case 'ABOR':
        return '226 it is over';
      default:
        return '500 what?';
    }
  }

  data(): Promise<Socket> {
    if (!this.#arrived) throw new Error('no EPSV before');
    return this.#arrived;
  }

  close(): void {
    this.#listener?.close();
  }

  #rename(to: string): string {
    const content = this.#files.get(this.#renamed);
    if (!content) return '550 no such file';
    this.#files.delete(this.#renamed);
    this.#files.set(to, content);
    return '250 renamed';
  }

  async #listen(): Promise<number> {
    this.#listener?.close();
    const listener = this.#tls ? createTlsServer(this.#tls) : createServer({ pauseOnConnect: true });
    this.#listener = listener;
    this.#arrived = once(listener, this.#tls ? 'secureConnection' : 'connection').then(([socket]) => socket as Socket);
    listener.on('connection', (socket) => this.#keep(socket));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return portOf(listener);
  }

  /** What has come is kept at once, so that a broken transfer leaves a part of the file. */
  async #store(path: string, before: Buffer, say: (text: string) => Promise<void>): Promise<string> {
    this.#restart = 0;
    const socket = await this.data();
    let size = before.length;
    let content = Buffer.alloc(Math.max(size, ROOM));
    before.copy(content);
    this.#files.set(path, before);
    socket.on('data', (chunk: Buffer) => {
      const missing = size + chunk.length - content.length;
      if (missing > 0) content = Buffer.concat([content, Buffer.alloc(Math.max(missing, content.length))]);
      chunk.copy(content, size);
      size += chunk.length;
      this.#files.set(path, content.subarray(0, size));
    });
    await say('150 send');
    socket.resume();
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    return '226 have it';
  }

  async #retrieve(content: Buffer, say: (text: string) => Promise<void>): Promise<string> {
    const at = this.#restart;
    this.#restart = 0;
    const socket = await this.data();
    await say('150 take');
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.end(content.subarray(at));
      socket.resume();
    });
    return '226 that is all';
  }

  async #list(say: (text: string) => Promise<void>): Promise<string> {
    const socket = await this.data();
    await say('150 listen');
    const files = [...this.#files].map(([path, content]) => [path, `type=file;size=${content.length}`] as const);
    const folders = [...this.#folders].map((path) => [path, 'type=dir'] as const);
    const below = this.#working === '/' ? '/' : `${this.#working}/`;
    const here = [...files, ...folders].filter(([path]) => path.startsWith(below) && path !== '/');
    const lines = here.map(([path, facts]) => [path.slice(below.length), facts] as const);
    socket.end(lines.map(([name, facts]) => (name.includes('/') ? '' : `${facts}; ${name}\r\n`)).join(''));
    return '226 that is all';
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function passive(port: number): string {
  return `227 come (127,0,0,1,${port >> 8},${port & 255})`;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
}
