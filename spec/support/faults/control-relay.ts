import { connect, type Socket } from 'node:net';
import { parseExtendedPassive, parsePassive } from '../../../lib/ftp/address.ts';
import { DataRelay } from './data-relay.ts';
import type { Answer, ArmedFaults, CommandFault, Ending } from './fault.ts';
import { FaultyWriter, type Goes } from './faulty-writer.ts';
import { ReplyCutter, type WholeReply } from './reply-cutter.ts';

/** What a control connection through the proxy works with. */
export interface ControlRelaySettings {
  readonly host: string;
  readonly port: number;
  readonly faults: ArmedFaults;
  /** How what the server says travels: each piece in a segment of its own. */
  readonly cut: (text: Buffer) => readonly Buffer[];
  /** Do answers to commands that were sent ahead wait for each other, to travel in one segment? */
  readonly joins: boolean;
  /** Told of each answer that waited. */
  readonly onJoined: () => void;
  /** Told of every socket, so that none is left open. */
  readonly keep: (socket: Socket) => void;
  /** Refuse all further connections for so long. */
  readonly shutFor: (ms: number) => void;
}

interface Asked {
  readonly line: string;
  readonly fault: CommandFault | undefined;
  /** The data connection that it asks for. */
  readonly data: Data | undefined;
}

/** A data connection: the command that is to use it may be asked before there is a port. */
interface Data {
  relay?: DataRelay;
  line?: string;
}

const PASSIVES = /^(EPSV|PASV)\b/;
const TRANSFERS = /^(STOR|APPE|STOU|RETR|LIST|NLST|MLSD)\b/;

/** One control connection through the proxy: it knows which reply answers which command, also of those sent ahead. */
export class ControlRelay {
  readonly #settings: ControlRelaySettings;
  readonly #client: Socket;
  readonly #toClient: FaultyWriter;
  readonly #replies = new ReplyCutter();
  readonly #asked: Asked[] = [];
  #server: Socket | undefined;
  #toServer: FaultyWriter | undefined;
  #unread = '';
  /** The one that was asked for last. */
  #data: Data | undefined;
  #lastRelay: DataRelay | undefined;
  #isOver = false;
  /** Answers that wait for the next one. */
  #waiting = '';
  /** Replies are passed on one by one, for some wait for a port to be opened. */
  #turn: Promise<void> = Promise.resolve();

  constructor(client: Socket, settings: ControlRelaySettings) {
    this.#client = client;
    this.#settings = settings;
    const { faults, keep } = settings;
    keep(client);
    this.#toClient = new FaultyWriter(client, faults.ofBytes('server'), (goes) => this.#end(goes));
    // Latin-1 maps each byte to one character and back, whatever the names are written in.
    client.on('data', (chunk: Buffer) => this.#takeCommands(chunk.toString('latin1')));
    client.once('close', () => {
      if (!faults.leavesOpen) this.#server?.destroy();
      this.#lastRelay?.close();
    });
    this.#ask('greeting');
  }

  #takeCommands(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) this.#ask(line.replace(/\r$/, ''));
  }

  #ask(line: string): void {
    if (this.#isOver) return;
    const fault = this.#settings.faults.ofCommand(line);
    if (fault && 'before' in fault) {
      if (fault.shutsForMs !== undefined) this.#settings.shutFor(fault.shutsForMs);
      this.#end(fault.before);
      return;
    }
    if (fault && 'meanwhile' in fault) fault.meanwhile();
    const data: Data | undefined = PASSIVES.test(line) ? {} : undefined;
    this.#asked.push({ line, fault, data });
    this.#data = data ?? this.#data;
    if (fault && 'answer' in fault) this.#answerOwn();
    else if (line === 'greeting') this.#connect();
    else this.#pass((fault && 'rewrite' in fault && fault.passes) || line);
  }

  #connect(): void {
    const { host, port, keep, faults } = this.#settings;
    const server = connect({ host, port, noDelay: true });
    keep(server);
    this.#server = server;
    this.#toServer = new FaultyWriter(server, faults.ofBytes('client'), (goes) => this.#end(goes));
    server.on('data', (chunk: Buffer) => {
      for (const reply of this.#replies.feed(chunk.toString('latin1'))) this.#inTurn(() => this.#onReply(reply));
    });
    server.once('close', (isTorn) => this.#inTurn(() => this.#onClosed(isTorn)));
  }

  #pass(line: string): void {
    if (TRANSFERS.test(line) && this.#data) serve(this.#data, line);
    this.#toServer?.write(Buffer.from(`${line}\r\n`, 'latin1'));
  }

  #inTurn(work: () => Promise<void> | void): void {
    this.#turn = this.#turn.then(work);
  }

  #onClosed(isTorn: boolean): void {
    if (!this.#isOver) this.#end(isTorn ? 'RST' : 'FIN');
  }

  async #onReply({ code, text }: WholeReply): Promise<void> {
    if (this.#isOver) return;
    if (code < 200) return this.#say(text);
    const { fault, data } = this.#asked.shift() ?? {};
    if (fault && 'after' in fault) {
      this.#end(fault.after);
      return;
    }
    if (fault && 'rewrite' in fault) {
      await this.#sayOwn({ answer: fault.rewrite, ...(fault.closes && { closes: true }) });
    } else if (data && (code === 227 || code === 229)) {
      const relay = await this.#openRelay(code, text, data);
      await this.#sayPort(code, fault && 'leadsTo' in fault ? fault.leadsTo : relay.port);
    } else if (this.#settings.joins && this.#asked.length > 0) {
      this.#waiting += text;
      this.#settings.onJoined();
    } else {
      await this.#say(text);
    }
    this.#answerOwn();
  }

  /** The answers that we give ourselves have their place among those of the server. */
  #answerOwn(): void {
    const [next] = this.#asked;
    if (!next?.fault || !('answer' in next.fault)) return;
    const { fault } = next;
    this.#asked.shift();
    this.#inTurn(() => this.#sayOwn(fault));
    this.#answerOwn();
  }

  async #sayOwn({ answer, closes }: Answer): Promise<void> {
    await this.#say(`${answer}\r\n`);
    if (closes) this.#end('FIN');
  }

  async #openRelay(code: 227 | 229, text: string, data: Data): Promise<DataRelay> {
    const { host, faults, keep } = this.#settings;
    const port = code === 229 ? parseExtendedPassive(text) : parsePassive(text).port;
    this.#lastRelay?.close();
    const relay = await DataRelay.open({ host, port, faults, keep });
    this.#lastRelay = relay;
    data.relay = relay;
    if (data.line !== undefined) relay.serve(data.line);
    return relay;
  }

  async #sayPort(code: 227 | 229, shown: number): Promise<void> {
    const where = code === 229 ? `(|||${shown}|)` : `(127,0,0,1,${shown >> 8},${shown & 255})`;
    await this.#say(`${code} Come to ${where}\r\n`);
  }

  async #say(text: string): Promise<void> {
    const all = this.#waiting + text;
    this.#waiting = '';
    for (const piece of this.#settings.cut(Buffer.from(all, 'latin1'))) {
      if (this.#isOver) return;
      this.#toClient.write(piece);
      // Two turns of the event loop: the client gets to read this piece before the next is written.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
  }

  #end(goes: Goes): void {
    if (goes === 'trickle' || goes === 'half-open') return;
    this.#isOver = true;
    this.#finish(goes === 'swallow' ? 'FIN' : goes);
  }

  #finish(ending: Ending): void {
    switch (ending) {
      case 'FIN':
        this.#client.end();
        this.#server?.end();
        break;
      case 'RST':
        this.#client.resetAndDestroy();
        this.#server?.resetAndDestroy();
        break;
      case 'silence':
        // What the client says from now on is taken and thrown away, as by a line that ends in nowhere.
        this.#server?.pause();
    }
  }
}

function serve(data: Data, line: string): void {
  data.line = line;
  data.relay?.serve(line);
}
