import { EventEmitter } from 'node:events';
import type { TransferEvents, TransferNote } from '../transfer/progress.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Downloaded } from '../transfer/transport.ts';
import { assertCarriable } from './carriable.ts';
import type { HashKind } from './content-hash.ts';
import { enterFolder, entryAt, type Sighting } from './entry-at.ts';
import { replyError } from './far-error.ts';
import { resolveFar } from './far-path.ts';
import { type FarDigest, farPrefixHash } from './far-prefix-hash.ts';
import { done, type Reply } from './far-reply.ts';
import { fetchFile } from './fetch-file.ts';
import { fetchRaw, type MoveOptions, type StorePlace, storeRaw } from './raw-moves.ts';
import type { ContentSink } from './reception.ts';
import { sendingRules } from './sending.ts';
import { findTimeWay } from './set-time.ts';
import { type FarVersion, type ShellListing, shellListing, versionAt } from './shell-entries.ts';
import { type ShellSurroundings, ShellTurns } from './shell-turns.ts';
import type { Errand, TalkRules } from './transfer-jobs.ts';

/** How a whole file is fetched. */
export interface FetchOptions extends MoveOptions {
  /** Told from which byte on content is about to come: those before are there already. */
  readonly onBegin?: (at: number) => void;
}

/** The whole answer to a command. */
export interface RawReply {
  readonly code: number;
  /** As the server sent them, codes included. */
  readonly lines: readonly string[];
}

// They want a data connection, or change what the answers to later commands mean.
const NOT_RAW =
  /^(?:LIST|NLST|MLSD|RETR|STOR|STOU|APPE|PASV|EPSV|PORT|EPRT|TYPE|MODE|STRU|PROT|AUTH|CCC|REIN|REST|ABOR)\b/i;

/**
 * An FTP site for somebody who works with it step by step: one connection that is there when it is needed.
 *
 * A lost connection is opened again by the next call. Paths are absolute, or seen from {@link cwd}. Calls are done one after
 * the other, in the order in which they are made. What is refused or fails is a {@link TransferError}.
 */
export class FarShell {
  /** What the far side cannot do is told as `note`. */
  readonly events = new EventEmitter<TransferEvents>();
  readonly #turns: ShellTurns;
  readonly #rules: TalkRules;
  #cwd: string;

  /** @param errand its `directory` is where the user begins: absolute, or below the folder after the login */
  constructor(errand: Errand, surroundings: ShellSurroundings = {}) {
    // Whatever is named is seen from the root of the site; nothing is made that nobody asked for.
    const { site, rules } = errand;
    const fromRoot = { ...errand, site: { ...site, directory: '/' }, rules: { ...rules, makesRoot: false } };
    this.#turns = new ShellTurns(fromRoot, this.events, surroundings);
    this.#rules = rules;
    this.#cwd = site.directory;
  }

  /**
   * Log in, and go where the user begins.
   *
   * @throws TransferError E_CONNECT, E_TLS, E_LOGIN, E_TIMEOUT, E_CAPACITY; E_MISSING when there is no such folder
   */
  connect(): Promise<void> {
    const wanted = this.#cwd;
    this.#cwd = '/';
    return this.#turns.do(async (connection) => {
      const home = folderIn(await connection.ask('PWD')) ?? '/';
      this.#cwd = resolveFar(home, wanted);
      if (wanted !== '') await enterFolder(connection, this.#cwd);
    });
  }

  /** Finish what is under way, say QUIT and close. Closing twice is harmless. */
  disconnect(): Promise<void> {
    return this.#turns.close();
  }

  /** Break off what is under way, whatever it is, at the price of the connection: the next call opens another one. */
  breakOff(): void {
    this.#turns.breakOff();
  }

  /** The folder that paths are seen from: an absolute far path. */
  get cwd(): string {
    return this.#cwd;
  }

  /** What FEAT told on the last connection (RFC 2389), names in upper case. */
  get features(): ReadonlyMap<string, string> {
    return this.#turns.features;
  }

  /**
   * The absolute far path of what a user names. It is seen from where the
   * user is when a call is made, not when its turn comes.
   *
   * @throws TransferError E_NAME when FTP cannot carry it
   */
  absolute(path: string): string {
    assertCarriable(path);
    return resolveFar(this.#cwd, path);
  }

  /**
   * Go to another folder. `..` of the root is the root.
   *
   * @returns the absolute path of it
   * @throws TransferError E_MISSING or E_REFUSED; then it stays where it was
   */
  async cd(path: string): Promise<string> {
    const folder = this.absolute(path);
    await this.#turns.look((connection) => enterFolder(connection, folder));
    this.#cwd = folder;
    return folder;
  }

  /**
   * What is in a folder, `.` and `..` left out; names that lead elsewhere, or that FTP cannot carry, are told as unreadable.
   *
   * @throws TransferError E_MISSING when there is no such folder, E_REFUSED when it may not be entered or read
   */
  async list(path = ''): Promise<ShellListing> {
    const folder = this.absolute(path);
    return this.#turns.look((connection) => shellListing(connection, folder));
  }

  /** What is at a path: `undefined` when there is nothing, `unseen` when there may be something. */
  async entry(path: string): Promise<Sighting> {
    const place = this.absolute(path);
    return this.#turns.look((connection) => entryAt(connection, place));
  }

  /** Size and time of a file, as far as the server tells them. */
  async version(path: string): Promise<FarVersion> {
    const file = this.absolute(path);
    return this.#turns.look((connection) => versionAt(connection, file));
  }

  /** @returns the absolute path of the folder */
  async mkdir(path: string): Promise<string> {
    const folder = this.absolute(path);
    await this.#order(`MKD ${folder}`, `Cannot make the folder ${folder}`);
    return folder;
  }

  /** Remove an empty folder. */
  async rmdir(path: string): Promise<void> {
    await this.#order(`RMD ${this.absolute(path)}`, `Cannot remove the folder ${this.absolute(path)}`);
  }

  /** Remove a file. */
  async remove(path: string): Promise<void> {
    await this.#order(`DELE ${this.absolute(path)}`, `Cannot remove ${this.absolute(path)}`);
  }

  /** Rename or move; on most servers what is there under the new name is replaced. */
  async rename(from: string, to: string): Promise<void> {
    const [before, after] = [this.absolute(from), this.absolute(to)];
    await this.#turns.do(async (connection) => {
      assertDone(await connection.ask(`RNFR ${before}`), `Cannot rename ${before}`, 350);
      assertDone(await connection.ask(`RNTO ${after}`), `Cannot rename ${before} to ${after}`);
    });
  }

  /** @param mode as `644`, in octal digits */
  async chmod(path: string, mode: string): Promise<void> {
    await this.#order(
      `SITE CHMOD ${mode} ${this.absolute(path)}`,
      `Cannot change the rights of ${this.absolute(path)}`,
    );
  }

  /**
   * Set the time of a file in whichever way the server takes.
   *
   * @param mtimeMs milliseconds since 1970 (UTC)
   * @returns whether there was one
   */
  async setTime(path: string, mtimeMs: number): Promise<boolean> {
    const file = this.absolute(path);
    return this.#turns.do(async (connection) => (await findTimeWay(connection, file, mtimeMs)) !== 'none');
  }

  /**
   * The hash of a file, or of its begin.
   *
   * @param length so many bytes from its begin; all of it by default
   * @param kinds the only ones that are of use; all by default
   * @returns `undefined` when the server cannot tell it
   */
  async hash(path: string, length?: number, kinds?: readonly HashKind[]): Promise<FarDigest | undefined> {
    const file = this.absolute(path);
    return this.#turns.look(async (connection) => {
      const size = (await versionAt(connection, file)).size;
      const part = { path: file, length: length ?? size ?? 0, isWhole: length === undefined || length === size };
      return farPrefixHash(connection, part, kinds);
    });
  }

  /** Send any command that wants no data connection, and get the answer, be it a refusal. */
  async quote(command: string): Promise<RawReply> {
    assertCarriable(command);
    const verb = command.trim().split(' ', 1)[0] ?? '';
    if (NOT_RAW.test(verb)) {
      const why = 'it belongs to a transfer, or changes the meaning of what follows';
      throw new TransferError('E_REFUSED', `${verb.toUpperCase()} cannot be sent by hand: ${why}`);
    }
    return this.#turns.do(async (connection) => raw(await connection.ask(command.trim())));
  }

  /** How many bytes may still be written into a folder (AVBL); `undefined` where the server does not tell. */
  async available(path = ''): Promise<number | undefined> {
    const folder = this.absolute(path);
    return this.#turns.look(async (connection) => {
      const digits = /^213 (\d+)/.exec((await connection.ask(`AVBL ${folder}`)).message)?.[1];
      return digits === undefined ? undefined : Number(digits);
    });
  }

  /**
   * Store content under a far path itself: no other name, no check, nothing removed when it breaks off.
   *
   * @param place in place of what is there, behind so many bytes of it, or behind all of it
   * @throws TransferError; what reading the content fails with; the reason of the signal
   */
  async put(content: AsyncIterable<Buffer>, path: string, place: StorePlace, options: MoveOptions = {}): Promise<void> {
    const store = { content, path: this.absolute(path), place };
    await this.#turns.do((connection) => storeRaw(store, connection, options));
  }

  /**
   * Bring the content of a far file, or what lies behind so many bytes of it, into a sink.
   *
   * @returns how many bytes came; all of them are in the sink, and so are those of a call that failed
   * @throws TransferError; what the sink fails with; the reason of the signal
   */
  async get(path: string, sink: ContentSink, at = 0, options: MoveOptions = {}): Promise<number> {
    const fetch = { path: this.absolute(path), at, sink };
    return this.#turns.do((connection) => fetchRaw(fetch, connection, options));
  }

  /**
   * Fetch a whole file as {@link TalkToFtp} does: under a temporary name, gone on with where a try before broke off, checked,
   * with its time, and all at once in the place of what is there.
   *
   * @param target absolute local path
   * @throws TransferError E_CHANGED, E_TRUNCATED, E_MISMATCH, E_TARGET, E_NO_ROOM; the reason of the signal
   */
  async download(path: string, target: string, options: FetchOptions = {}): Promise<Downloaded> {
    const { signal, onBytes = () => undefined, onBegin = () => undefined } = options;
    const download = { path: this.absolute(path).slice(1), target };
    const told = { signal, onBytes, onBegin, onNote: (note: TransferNote) => void this.events.emit('note', note) };
    return this.#turns.do((connection, { habits }) =>
      fetchFile(download, { connection, habits, ...sendingRules(this.#rules), isRetry: true, ...told }),
    );
  }

  async #order(command: string, doing: string): Promise<void> {
    await this.#turns.do(async (connection) => assertDone(await connection.ask(command), doing));
  }
}

function assertDone(reply: Reply, doing: string, code?: number): void {
  if (code === undefined ? !done(reply) : reply.code !== code) throw replyError(doing, reply);
}

function raw({ code, message }: Reply): RawReply {
  return { code, lines: message.split(/\r?\n/) };
}

/** The folder after the login: in double quotes, a quote in it doubled (RFC 959 appendix II). */
function folderIn(reply: Reply): string | undefined {
  return done(reply) ? /"((?:[^"]|"")*)"/.exec(reply.message)?.[1]?.replaceAll('""', '"') : undefined;
}
