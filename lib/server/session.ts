import type { Socket } from 'node:net';
import { messageOf } from '../base/coded-error.ts';
import type { SessionView } from '../control/live-server.ts';
import type { Request } from '../ftp/request.ts';
import type { Visit } from './admission/visit.ts';
import { type Answer, type Command, freshState, mayBeAborted, mustBeAllowed } from './command.ts';
import { commandTable, notOffered } from './command-table.ts';
import { tellStatus } from './commands/status.ts';
import { ControlConnection } from './control-connection.ts';
import { type DataChannel, dataChannelOf } from './data-channel.ts';
import type { QueuedRequest } from './request-queue.ts';
import { type Running, shownArgument, shownUnknown, viewOf } from './running.ts';
import { isOwnFault, reasonOf, type ServerError, toServerError } from './server-error.ts';
import { SessionContext } from './session-context.ts';
import type { SessionInfo } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';
import { Strikes } from './strikes.ts';
import { webVerbs } from './web-verbs.ts';

/** A connection that was let in. */
export interface Guest {
  readonly socket: Socket;
  readonly info: SessionInfo;
  readonly visit: Visit;
}

/** One control connection from greeting to end. Whatever goes wrong in it ends here. */
export class Session {
  readonly info: SessionInfo;
  readonly #visit: Visit;
  readonly #settings: SessionSettings;
  readonly #control: ControlConnection;
  readonly #data: DataChannel;
  readonly #state = freshState();
  readonly #ended = new AbortController();
  readonly #began: number;
  #running: Running | undefined;
  #wasAborted = false;
  readonly #strikes: Strikes;
  readonly #context: SessionContext;
  #lastWord: string | undefined;
  #activeAt: number;
  /** When it was last known to be logged in; before the first login, when it began. */
  #loggedInAt: number;

  constructor({ socket, info, visit }: Guest, settings: SessionSettings) {
    this.info = info;
    this.#visit = visit;
    this.#settings = settings;
    this.#strikes = new Strikes(() => settings.limits);
    this.#began = settings.clock.now();
    this.#activeAt = this.#began;
    this.#loggedInAt = this.#began;
    this.#control = new ControlConnection(socket, info, settings, {
      onArrival: (request, isNext) => this.#hurry(request, isNext),
      onFault: (error) => this.#fail(error),
    });
    this.#data = dataChannelOf(info, this.#control.localAddress, settings);
    this.#context = new SessionContext(settings, {
      ...{ info, visit, state: this.#state, control: this.#control, data: this.#data, ended: this.#ended.signal },
      running: () => this.#running,
      wasAborted: () => this.#wasAborted,
      abort: () => this.#abort(),
    });
    socket.once('close', () => this.#stop());
  }

  /**
   * Serve until the client leaves or is sent away; never refused.
   *
   * @param isImplicit TLS comes first, and protects data connections as well, without a word of the client
   */
  async run(isImplicit = false): Promise<void> {
    try {
      await this.#converse(isImplicit);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#visit.leave();
    }
    this.#settings.events.emit('sessionClosed', { session: this.info });
  }

  /** Send the client away with 421; a transfer that is under way is aborted first. */
  end(reason: string): void {
    this.#lastWord ??= reason;
    this.#stop();
  }

  /** The same as soon as no transfer is under way; nothing new is begun. */
  endBehindTransfer(reason: string): void {
    this.#lastWord ??= reason;
    if (this.#running?.command.usesData) this.#control.stop();
    else this.#stop();
  }

  /** Cut the connections at once, whatever is being worked on, and tell why; it ends when that does. */
  breakOff(reason: string): void {
    this.#fail(new Error(reason));
  }

  /** What whoever runs the server may see of it. */
  view(): SessionView {
    const { isSecure: isTls } = this.#control;
    const seen = { info: this.info, user: this.#state.login?.name, isTls, running: this.#running };
    const times = { began: this.#began, activeAt: this.#activeAt, now: this.#settings.clock.now() };
    return viewOf({ ...seen, movedBytes: this.#data.movedBytes ?? 0, ...times });
  }

  async #converse(isImplicit: boolean): Promise<void> {
    this.#settings.events.emit('sessionOpened', { session: this.info });
    const watched = this.#watch();
    if (!isImplicit || (await this.#control.startTls(this.#ended.signal))) {
      if (isImplicit) Object.assign(this.#control.security, { hasBufferSize: true, protection: 'P' });
      this.#control.reply({ code: 220, text: this.#settings.greeting });
      await this.#serve();
    }
    if (this.#lastWord !== undefined) this.#control.reply({ code: 421, text: this.#lastWord });
    this.#stop();
    this.#data.end();
    await watched;
    await this.#control.hangUp();
  }

  async #serve(): Promise<void> {
    for (let request = await this.#control.next(); request; request = await this.#control.next()) {
      if (this.#state.login !== undefined) this.#loggedInAt = this.#settings.clock.now();
      const given = await this.#answer(request);
      const isStranger = this.#state.login === undefined && !(request.kind === 'request' && request.verb === 'PASS');
      const answer = isStranger ? this.#strikes.toStranger(given) : given;
      this.#activeAt = this.#settings.clock.now();
      this.#control.reply(answer);
      if (answer.closes || (answer.startsTls && !(await this.#control.startTls(this.#ended.signal)))) return;
      if (this.#control.isBehind) await this.#control.drained(this.#ended.signal);
    }
  }

  #stop(): void {
    this.#ended.abort();
    this.#control.stop();
    this.#abort();
  }

  /** End what is being worked on. */
  #abort(): void {
    this.#running?.controller.abort();
    if (this.#running?.command.usesData) this.#data.abort();
  }

  /** A fault of ours, here and nowhere else: the client may be anywhere in the protocol, so that only the end is left. */
  #fail(error: unknown): void {
    this.#stop();
    this.#data.end();
    this.#control.destroy();
    this.#settings.events.emit('sessionFailed', { session: this.info, reason: messageOf(error) });
  }

  async #answer(request: QueuedRequest): Promise<Answer> {
    const isRenaming = request.kind === 'request' && request.verb === 'RNTO';
    if (!isRenaming) this.#state.renameFrom = undefined;
    if (request.kind === 'not-utf8') return { code: 501, text: 'Names are UTF-8' };
    if (request.kind === 'too-long') return this.#strikes.longLine();
    const { verb, argument } = request;
    const command = commandTable.get(verb);
    const told = command ? { verb, argument: shownArgument(verb, argument) } : shownUnknown(verb, argument);
    this.#settings.events.emit('requestReceived', { session: this.info, ...told });
    if (command === undefined) return this.#answerUnknown(verb);
    this.#strikes.known();
    return this.#runCommand(command, argument);
  }

  /** What cannot wait for its turn: the end of a transfer, and how far it is (RFC 959 section 4.1.3). */
  #hurry({ verb, argument }: Request, isNext: boolean): boolean {
    const running = this.#running;
    if (running === undefined) return false;
    if (verb === 'ABOR') this.#abort();
    // Only behind 150, and ahead of nothing else: a client that sends commands ahead counts on their order.
    if (verb !== 'STAT' || argument !== '' || !isNext || this.#data.movedBytes === undefined) return false;
    // Whoever does not read the answers waits for the next ones.
    if (this.#control.isBehind) return false;
    this.#settings.events.emit('requestReceived', { session: this.info, verb, argument });
    this.#control.reply(tellStatus(this.#context));
    return true;
  }

  #answerUnknown(verb: string): Answer {
    // Whoever sends these does it for somebody else, who may not know (ALPACA, CVE-2021-3618): no second line is read.
    if (webVerbs.has(verb)) return { code: 421, text: 'This is FTP', closes: true };
    if (notOffered.has(verb)) return { code: 502, text: 'Not offered here' };
    return this.#strikes.unknown();
  }

  async #runCommand(command: Command, argument: string): Promise<Answer> {
    const { verb, usesData } = command;
    const controller = new AbortController();
    const { user } = this.#state;
    const shown = shownArgument(verb, argument);
    const running = { command, controller, shown, since: this.#settings.clock.now() };
    this.#running = running;
    if (mayBeAborted(command) && (this.#control.hasAbort || this.#ended.signal.aborted)) this.#abort();
    try {
      const answer = await this.#answerOf(running, argument);
      if (usesData) this.#tellTransfer(running, answer);
      else if (verb === 'PASS' && user !== undefined) this.#tellLogin(user, answer);
      return answer;
    } finally {
      this.#running = undefined;
      if (verb === 'ABOR') this.#wasAborted = false;
      if (usesData) {
        this.#data.close();
        this.#state.restart = 0;
        this.#state.rangeEnd = undefined;
      }
    }
  }

  async #answerOf({ command, controller }: Running, argument: string): Promise<Answer> {
    try {
      mustBeAllowed(command, argument, this.#state);
      return await command.run(this.#context, argument);
    } catch (error) {
      const { code, reply, message } = this.#explained(error, command);
      if (code === 'E_ABORTED' && controller.signal.aborted && this.#control.hasAbort) this.#wasAborted = true;
      if (code === 'E_ABORTED' && !mayBeAborted(command)) return this.#farewell();
      return { code: reply, text: message };
    }
  }

  /** The last word as the answer to a command that nothing but the end of the session ends. */
  #farewell(): Answer {
    const text = this.#lastWord ?? 'The session has ended';
    this.#lastWord = undefined;
    return { code: 421, text, closes: true };
  }

  #explained(error: unknown, { verb }: Command): ServerError {
    const known = toServerError(error);
    if (isOwnFault(known)) {
      this.#settings.events.emit('commandFailed', { session: this.info, verb, reason: reasonOf(known) });
    }
    return known;
  }

  #tellLogin(user: string, { code, text }: Answer): void {
    const { events } = this.#settings;
    if (this.#state.login !== undefined) events.emit('loggedIn', { session: this.info, user });
    else events.emit('loginRefused', { session: this.info, user, code, text: String(text) });
  }

  #tellTransfer({ command, shown: argument, since }: Running, { code, text }: Answer): void {
    const { login, cwd, type } = this.#state;
    if (login === undefined) return;
    this.#settings.events.emit('transferEnded', {
      session: this.info,
      user: login.name,
      verb: command.verb,
      argument,
      cwd,
      type,
      bytes: this.#data.movedBytes ?? 0,
      tookMs: this.#settings.clock.now() - since,
      code,
      text: String(text),
    });
  }

  /** Send away who does not log in, or has nothing to say; a command that is being worked on is no silence. */
  async #watch(): Promise<void> {
    const { clock } = this.#settings;
    while (!this.#ended.signal.aborted) {
      const { limits } = this.#settings;
      if (this.#running !== undefined) this.#activeAt = clock.now();
      const isIn = this.#state.login !== undefined;
      const idleMs = this.#state.idleMs ?? limits.idleMs;
      const left = (isIn ? this.#activeAt + idleMs : this.#loggedInAt + limits.loginMs) - clock.now();
      if (left <= 0) return this.end(isIn ? 'Nothing was asked for too long' : 'Nobody logged in');
      // Never longer than the shorter of both limits: a second USER changes from one to the other.
      await clock.wait(Math.min(left, limits.loginMs), this.#ended.signal);
    }
  }
}
