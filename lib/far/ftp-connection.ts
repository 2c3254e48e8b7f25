import { FTPError } from 'basic-ftp';
import { codeOf } from '../base/coded-error.ts';
import type { Site } from '../ftp/site.ts';
import type { TransferError } from '../transfer/transfer-error.ts';
import { Dialogue } from './dialogue.ts';
import { type DataTransfer, exchange, type Pump } from './exchange.ts';
import { assertAllFit } from './expected-answer.ts';
import { farError, replyError } from './far-error.ts';
import { done, type Reply } from './far-reply.ts';
import type { Limiter } from './limiter.ts';
import type { Line } from './line.ts';
import { LineSafeClient } from './line-safe-client.ts';
import { logIn, loginStep } from './log-in.ts';
import { mixesUp } from './mixes-up.ts';
import { setUp } from './set-up.ts';
import type { Errand, PassiveCommand, TalkRules } from './transfer-jobs.ts';

/** Answers come back as fast as a server reads ahead; those to so many commands fit its and our buffers many times over. */
export const MOST_IN_FLIGHT = 32;

/**
 * One control connection to a site: logged in, binary, with the far root made and its absolute path known.
 *
 * It does one thing at a time; who shares it takes turns. After a TransferError E_LOST or E_TIMEOUT it is closed for good.
 */
export class FtpConnection {
  /** What content is held to, in either direction: how fast it may go, and how long it may stand still. */
  readonly pace: { readonly limiter: Limiter; readonly timeoutMs: number };
  /** Do listings by LIST -a tell of the folder itself, as `.`? Not known before one has brought something. */
  namesFolders: boolean | undefined;
  readonly #client: LineSafeClient;
  readonly #line: Line;
  #root = '';
  #features: ReadonlyMap<string, string> = new Map();
  #madeRoot = false;
  #sendsAhead = false;

  private constructor(client: LineSafeClient, line: Line) {
    this.#client = client;
    this.#line = line;
    this.pace = { limiter: line.limiter, timeoutMs: client.ftp.timeout };
  }

  /**
   * Connect, secure the connection as the site asks for it, log in, and make the far root where the rules say so.
   *
   * @param line what earlier connections to the site have shown, and what all of them share
   * @param signal breaks it off
   * @throws TransferError E_CONNECT, E_TLS, E_LOGIN, E_TIMEOUT, E_CAPACITY, E_NAME, or E_REFUSED when the root cannot be
   *   made
   */
  static async open(errand: Errand, line: Line, signal?: AbortSignal): Promise<FtpConnection> {
    const { site, rules } = errand;
    const mayGoAhead = line.ahead !== 'fails';
    const client = new LineSafeClient(rules.timeoutMs, line);
    client.prepareTransfer = (ftp) => line.passive.prepare(ftp);
    const breakOff = () => client.close();
    signal?.addEventListener('abort', breakOff);
    try {
      const greeting = await logIn(client, site, line.trust);
      // Several commands go out in one flight; with Nagle's algorithm the second waits for the answer to the first.
      client.ftp.socket.setNoDelay(true);
      const connection = new FtpConnection(client, line);
      await connection.#setUp(site, rules, greeting);
      return connection;
    } catch (error) {
      client.close();
      // Nobody is refused, and nobody shall take it for that: it is only to be asked in another way.
      if (line.ahead === 'fails' && mayGoAhead) return FtpConnection.open(errand, line, signal);
      throw error;
    } finally {
      signal?.removeEventListener('abort', breakOff);
    }
  }

  /** Had the far root to be made when this was opened? */
  get madeRoot(): boolean {
    return this.#madeRoot;
  }

  get closed(): boolean {
    return this.#client.closed;
  }

  /** May commands be sent ahead of the answers to those before, as far as the user says and the server was heard of? */
  get sendsAhead(): boolean {
    return this.#sendsAhead;
  }

  /** What FEAT told (RFC 2389), names in upper case. */
  get features(): ReadonlyMap<string, string> {
    return this.#features;
  }

  /** The absolute far path of a path below the far root. */
  absolute(path: string): string {
    if (path === '') return this.#root;
    return this.#root === '/' ? `/${path}` : `${this.#root}/${path}`;
  }

  /**
   * Make the far root where it is missing.
   *
   * @returns whether it was made: one that could not be entered for a moment is none
   */
  makeRoot(): Promise<boolean> {
    return this.makeFolders(this.#root);
  }

  /**
   * Make a folder, and those it lies in, where they are missing.
   *
   * @param folder absolute far path
   * @returns whether the folder itself was made
   */
  async makeFolders(folder: string): Promise<boolean> {
    // From below: a folder further up may be closed to us although we may work below it.
    const missing: string[] = [];
    for (let path = folder; path !== '' && !done(await this.ask(`CWD ${path}`)); ) {
      missing.unshift(path);
      path = path.slice(0, path.lastIndexOf('/'));
    }
    let isMade = false;
    for (const path of missing) {
      const made = await this.ask(`MKD ${path}`);
      isMade = done(made);
      // Another worker may have made it in the same moment.
      if (!isMade && !done(await this.ask(`CWD ${path}`))) {
        throw replyError(`Cannot make the folder ${folder} on the site`, made);
      }
    }
    return isMade;
  }

  /**
   * Send one command and get its answer, be it a refusal.
   *
   * @param extraMs how much longer than for others an answer to it may take, in milliseconds
   */
  async ask(command: string, extraMs = 0): Promise<Reply> {
    const [reply] = await this.flight([command], extraMs);
    if (!reply) throw new TypeError('a flight of one command brought no reply');
    return reply;
  }

  /**
   * Send commands in one write, or where nothing may be sent ahead one by one, and get their answers, in order, refusals
   * included.
   *
   * Only for commands without a data connection: those may be sent ahead on every server measured, while anything sent
   * during a transfer breaks some of them. See docs/decisions/0004-temporary-name-and-rename.md.
   *
   * @throws TransferError E_LOST or E_TIMEOUT, also when the answers do not fit: then nobody knows which of them were done
   */
  async flight(commands: readonly string[], extraMs = 0): Promise<readonly Reply[]> {
    if (this.#sendsAhead || commands.length < 2) return this.#fly(commands, extraMs);
    const replies: Reply[] = [];
    for (const command of commands) {
      const reply = await this.ask(command, extraMs);
      if (reply.code === 421) throw this.#failure('Cannot go on', replyError('The server ends the connection', reply));
      replies.push(reply);
    }
    return replies;
  }

  async #fly(commands: readonly string[], extraMs: number): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    const { ftp } = this.#client;
    await this.#line.limiter.commands(commands.length);
    try {
      const answered = ftp.handle(undefined, (response, task) => {
        if (response instanceof Error && !(response instanceof FTPError)) task.reject(response);
        // It answers no command, and those behind it have no answer.
        else if (response.code === 421 && commands.length > 1)
          task.reject(replyError('The server ends the connection', response));
        else if (response.code >= 200 && replies.push(response as Reply) === commands.length) task.resolve(undefined);
      });
      if (extraMs > 0) ftp.socket.setTimeout(ftp.timeout + extraMs);
      ftp.socket.cork();
      for (const command of commands) ftp.send(command);
      ftp.socket.uncork();
      await answered;
      assertAllFit(commands, replies);
      return replies;
    } catch (error) {
      throw this.#failure(`Cannot ask ${nameOfCommand(commands[0])}`, error);
    }
  }

  /** The command for a data connection that has worked on this site, or `undefined`. */
  get passive(): PassiveCommand | undefined {
    return this.#line.passive.known;
  }

  /**
   * Have the connection for commands that are sent ahead of the answers to those before.
   *
   * @throws TransferError whatever goes wrong; the connection is closed then: nobody knows which answers are still to come
   */
  async ahead(work: (dialogue: Dialogue) => Promise<void>): Promise<void> {
    const dialogue = new Dialogue(this.#client.ftp, this.#line.trust);
    try {
      await work(dialogue);
      dialogue.end();
    } catch (error) {
      dialogue.breakOff();
      this.#client.close();
      throw farError('Cannot go on with commands sent ahead', error);
    }
  }

  /**
   * Move content through a data connection of its own, in either direction.
   *
   * @throws TransferError; what the pump failed with; the reason of the signal
   */
  async exchange(transfer: DataTransfer, pump: Pump): Promise<void> {
    const { verb, path, signal } = transfer;
    try {
      await exchange(this.#client, transfer, pump);
    } catch (error) {
      if (error === pump.failure) throw error;
      if (signal?.aborted && error === signal.reason) throw error;
      throw this.#failure(verb === 'RETR' ? `Cannot fetch ${path}` : `Cannot store ${path}`, error);
    }
  }

  /**
   * The whole text of a listing of the current folder.
   *
   * Without an argument, since servers read `[`, `*` and a leading `-` in it as something else than a name.
   *
   * @param command MLSD, or LIST with its options
   */
  async listing(command: string): Promise<string> {
    let text = '';
    this.#client.availableListCommands = [command];
    this.#client.parseList = (whole) => {
      text = whole;
      return [];
    };
    try {
      await this.#client.list();
      return text;
    } catch (error) {
      throw this.#failure('Cannot list the folder', error);
    }
  }

  /** Say QUIT and close. Closing twice is harmless. */
  close(): void {
    this.#client.close();
  }

  /** After anything but a refusal nobody knows which replies are still to come: they must not answer the next command. */
  #failure(doing: string, error: unknown): TransferError {
    const isInStep = error instanceof FTPError || codeOf(error) === 'E_DATA';
    if (!isInStep) this.#client.close();
    return farError(doing, error);
  }

  async #setUp({ directory, host }: Site, { makesRoot, pipeline = true }: TalkRules, greeting: string): Promise<void> {
    const line = this.#line;
    this.#sendsAhead = pipeline && line.ahead !== 'fails' && !mixesUp(greeting);
    const options = { directory, entersRoot: makesRoot, hasTls: this.#client.ftp.hasTLS };
    const ask = (commands: readonly string[]) => this.flight(commands);
    const { features, root, isInRoot } = await loginStep(`Cannot set up the connection to ${host}`, 'E_REFUSED', () =>
      setUp(ask, options),
    ).catch((error: unknown) => {
      if (this.#sendsAhead) line.learnFrom(error);
      throw error;
    });
    if (this.#sendsAhead) line.ahead = 'works';
    this.#features = features;
    this.#root = root;
    this.#madeRoot = makesRoot && !isInRoot && (await this.makeRoot());
  }
}

function nameOfCommand(command = ''): string {
  return command.split(' ', 1)[0] ?? '';
}
