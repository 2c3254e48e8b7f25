import { type EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/coded-error.ts';
import { formatReply } from '../ftp/reply.ts';
import type { Request } from '../ftp/request.ts';
import { type Answer, type Command, type CommandContext, freshState, mustBeAllowed } from './command.ts';
import { commandTable, notOffered, webVerbs } from './command-table.ts';
import { tellStatus } from './commands/status.ts';
import { DataChannel } from './data-channel.ts';
import type { Expectations } from './expectations.ts';
import type { FileHashes } from './file-hashes.ts';
import type { SessionLimits } from './limits.ts';
import type { PassivePlaces } from './passive-places.ts';
import type { PortRange } from './passive-ports.ts';
import { plainAddress } from './plain-address.ts';
import type { Spaces } from './quota/spaces.ts';
import type { Rates } from './rates.ts';
import { type QueuedRequest, RequestQueue } from './request-queue.ts';
import { freshSecurity, noSecurity, type TlsSettings } from './security.ts';
import { isOwnFault, reasonOf, type ServerError, toServerError } from './server-error.ts';
import type { FtpServerEvents, SessionInfo } from './session-events.ts';
import { startTls } from './tls-socket.ts';
import { toldAddress } from './told-address.ts';

/** What all sessions of a server share. */
export interface SessionSettings {
  readonly accounts: AccountStore;
  readonly spaces: Spaces;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly rates: Rates;
  readonly greeting: string;
  readonly passivePorts: PortRange | undefined;
  readonly passivePlaces: PassivePlaces;
  /** What clients from outside reach the server by, where addresses are translated on the way to it. */
  readonly externalAddress: string | undefined;
  /** May clients ask to be called at a port of theirs (PORT, EPRT)? */
  readonly allowsActive: boolean;
  /** Missing where the server has no certificate. */
  readonly tls: TlsSettings | undefined;
  readonly events: EventEmitter<FtpServerEvents>;
  readonly hashes: FileHashes;
  readonly expectations: Expectations;
}

// A peer that does not even take the last reply is not waited for longer.
const LAST_WORD_MS = 1_000;

/** One control connection from greeting to end. Whatever goes wrong in it ends here. */
export class Session {
  readonly info: SessionInfo;
  /** The plain connection, and the secure one in its place from the handshake on. */
  #socket: Socket;
  readonly #settings: SessionSettings;
  readonly #state = freshState();
  readonly #security = noSecurity();
  #queue: RequestQueue;
  readonly #data: DataChannel;
  readonly #ended = new AbortController();
  #running: AbortController | undefined;
  #wasAborted = false;
  #unknownInARow = 0;
  #longLines = 0;
  #lastWord: string | undefined;
  #activeAt: number;
  /** When it was last known to be logged in; before the first login, when it began. */
  #loggedInAt: number;

  constructor(socket: Socket, info: SessionInfo, settings: SessionSettings) {
    this.info = info;
    this.#socket = socket;
    this.#settings = settings;
    this.#activeAt = settings.clock.now();
    this.#loggedInAt = this.#activeAt;
    this.#queue = this.#queueOf(socket);
    const localAddress = plainAddress(socket.localAddress ?? '');
    const { remoteAddress } = info;
    this.#data = new DataChannel({
      localAddress,
      remoteAddress,
      toldAddress: toldAddress(localAddress, remoteAddress, settings.externalAddress),
      ports: settings.passivePorts,
      places: settings.passivePlaces,
      clock: settings.clock,
      openMs: settings.limits.passiveMs,
      waitMs: settings.limits.dataWaitMs,
      onStranger: (remoteAddress) => settings.events.emit('strangerRefused', { session: info, remoteAddress }),
    });
    socket.once('close', () => this.#stop());
  }

  /** Is the control connection protected? */
  get isSecure(): boolean {
    return this.#security.context !== undefined;
  }

  /**
   * Serve until the client leaves or is sent away; never refused.
   *
   * @param isImplicit TLS comes first, and protects data connections as well, without a word of the client
   */
  async run(isImplicit = false): Promise<void> {
    this.#settings.events.emit('sessionOpened', { session: this.info });
    const watched = this.#watch();
    if (!isImplicit || (await this.#startTls())) {
      if (isImplicit) Object.assign(this.#security, { hasBufferSize: true, protection: 'P' });
      this.#reply({ code: 220, text: this.#settings.greeting });
      await this.#serve();
    }
    if (this.#lastWord !== undefined) this.#reply({ code: 421, text: this.#lastWord });
    this.#stop();
    this.#data.close();
    await watched;
    await this.#hangUp();
    this.#settings.events.emit('sessionClosed', { session: this.info });
  }

  /** Send the client away with 421; a transfer that is under way is aborted first. */
  end(reason: string): void {
    this.#lastWord ??= reason;
    this.#stop();
  }

  #stop(): void {
    this.#ended.abort();
    this.#queue.stop();
    this.#running?.abort();
  }

  async #serve(): Promise<void> {
    for (let request = await this.#queue.next(); request; request = await this.#queue.next()) {
      if (this.#state.login !== undefined) this.#loggedInAt = this.#settings.clock.now();
      const answer = await this.#answer(request);
      this.#activeAt = this.#settings.clock.now();
      this.#reply(answer);
      if (answer.closes || (answer.startsTls && !(await this.#startTls()))) return;
      if (this.#socket.writableNeedDrain) await this.#drained();
    }
  }

  #queueOf(socket: Socket): RequestQueue {
    const { queuedLines } = this.#settings.limits;
    return new RequestQueue(socket, queuedLines, (request, isNext) => this.#hurry(request, isNext));
  }

  /** @returns whether the control connection is secure now; else it is closed */
  async #startTls(): Promise<boolean> {
    const { tls, events, clock, limits } = this.#settings;
    const session = this.info;
    const plain = this.#socket;
    try {
      // In the same turn as the reply: what is here by now was sent in plain text behind AUTH, by whomever, and would be
      // taken for the client's (as in Pure-FTPd before 1.0.30).
      if (!this.#queue.release()) throw new Error('Something came in plain text behind AUTH');
      if (tls === undefined) throw new Error('There is no certificate');
      await new Promise<void>((resolve) => plain.write('', () => resolve()));
      const security = freshSecurity(tls);
      const patience = { clock, ms: limits.handshakeMs, signal: this.#ended.signal };
      const socket = await startTls(plain, security.context, patience);
      this.#socket = socket;
      this.#queue = this.#queueOf(socket);
      Object.assign(this.#security, security);
      events.emit('tlsStarted', { session, protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name });
      return true;
    } catch (error) {
      if (!this.#ended.signal.aborted)
        events.emit('tlsFailed', { session, connection: 'control', reason: messageOf(error) });
      plain.destroy();
      return false;
    }
  }

  async #answer(request: QueuedRequest): Promise<Answer> {
    if (request.kind === 'not-utf8') return { code: 501, text: 'Names are UTF-8' };
    if (request.kind === 'too-long') {
      this.#longLines += 1;
      return { code: 500, text: 'The line is too long', closes: this.#longLines >= this.#settings.limits.longLines };
    }
    const { verb, argument } = request;
    const session = this.info;
    this.#settings.events.emit('requestReceived', { session, verb, argument: verb === 'PASS' ? '****' : argument });
    if (verb !== 'RNTO') this.#state.renameFrom = undefined;
    const command = commandTable.get(verb);
    if (command === undefined) return this.#answerUnknown(verb);
    this.#unknownInARow = 0;
    return this.#runCommand(command, argument);
  }

  /** What cannot wait for its turn: the end of a transfer, and how far it is (RFC 959 section 4.1.3). */
  #hurry({ verb, argument }: Request, isNext: boolean): boolean {
    const running = this.#running;
    if (running === undefined) return false;
    if (verb === 'ABOR') running.abort();
    // Only behind 150, and ahead of nothing else: a client that sends commands ahead counts on their order.
    if (verb !== 'STAT' || argument !== '' || !isNext || this.#data.movedBytes === undefined) return false;
    // Whoever does not read the answers waits for the next ones.
    if (this.#socket.writableNeedDrain) return false;
    this.#settings.events.emit('requestReceived', { session: this.info, verb, argument });
    this.#reply(tellStatus(this.#contextOf(running.signal)));
    return true;
  }

  #answerUnknown(verb: string): Answer {
    // Whoever sends these does it for somebody else, who may not know (ALPACA, CVE-2021-3618): no second line is read.
    if (webVerbs.has(verb)) return { code: 421, text: 'This is FTP', closes: true };
    if (notOffered.has(verb)) return { code: 502, text: 'Not offered here' };
    this.#unknownInARow += 1;
    return this.#unknownInARow >= this.#settings.limits.badCommands
      ? { code: 421, text: 'Too many unknown commands', closes: true }
      : { code: 500, text: 'There is no such command' };
  }

  async #runCommand(command: Command, argument: string): Promise<Answer> {
    const running = new AbortController();
    this.#running = running;
    const isAbortable = command.usesData || command.isAbortable;
    if (isAbortable && (this.#queue.hasAbort || this.#ended.signal.aborted)) running.abort();
    try {
      mustBeAllowed(command, argument, this.#state);
      return await command.run(this.#contextOf(running.signal), argument);
    } catch (error) {
      const { code, reply, message } = this.#explained(error, command);
      if (code === 'E_ABORTED' && running.signal.aborted) this.#wasAborted = true;
      return { code: reply, text: message };
    } finally {
      this.#running = undefined;
      if (command.verb === 'ABOR') this.#wasAborted = false;
      if (command.usesData) {
        this.#data.close();
        this.#state.restart = 0;
        this.#state.rangeEnd = undefined;
      }
    }
  }

  #contextOf(signal: AbortSignal): CommandContext {
    return {
      ...this.#settings,
      info: this.info,
      commands: commandTable,
      state: this.#state,
      data: this.#data,
      signal,
      wasAborted: this.#wasAborted,
      security: this.#security,
      tell: (code, text) => this.#reply({ code, text }),
      tellTlsFailure: (reason) =>
        this.#settings.events.emit('tlsFailed', { session: this.info, connection: 'data', reason }),
    };
  }

  #explained(error: unknown, { verb }: Command): ServerError {
    const known = toServerError(error);
    if (isOwnFault(known)) {
      this.#settings.events.emit('commandFailed', { session: this.info, verb, reason: reasonOf(known) });
    }
    return known;
  }

  #reply({ code, text }: Answer): void {
    if (!this.#socket.writable) return;
    const reply = formatReply(code, text);
    this.#socket.write(reply);
    this.#settings.events.emit('replySent', { session: this.info, code, text: reply });
  }

  /** A client that does not read its replies gets no more of them. */
  async #drained(): Promise<void> {
    // Refused when the session or the connection ends: whoever asks for the next request hears of that.
    await once(this.#socket, 'drain', { signal: this.#ended.signal }).catch(() => undefined);
  }

  /** Send away who does not log in, or has nothing to say; a command that is being worked on is no silence. */
  async #watch(): Promise<void> {
    const { clock, limits } = this.#settings;
    while (!this.#ended.signal.aborted) {
      if (this.#running !== undefined) this.#activeAt = clock.now();
      const isIn = this.#state.login !== undefined;
      const idleMs = this.#state.idleMs ?? limits.idleMs;
      const left = (isIn ? this.#activeAt + idleMs : this.#loggedInAt + limits.loginMs) - clock.now();
      if (left <= 0) return this.end(isIn ? 'Nothing was asked for too long' : 'Nobody logged in');
      // Never longer than the shorter of both limits: a second USER changes from one to the other.
      await clock.wait(Math.min(left, limits.loginMs), this.#ended.signal);
    }
  }

  async #hangUp(): Promise<void> {
    if (this.#socket.closed) return;
    const closed = new AbortController();
    this.#socket.once('close', () => closed.abort());
    this.#socket.destroySoon();
    await this.#settings.clock.wait(LAST_WORD_MS, closed.signal);
    this.#socket.destroy();
  }
}
