import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { CodedError, codeOf, messageOf } from './coded-error.ts';
import { makeFolder } from './make-folder.ts';
import { hasNoRoom } from './no-room.ts';
import { type ProcessIdentity, stateOf, thisProcess } from './process-identity.ts';
import { showText } from './show-text.ts';

// Another round is for those that let go of the lock, or took it over, in this very moment. Nobody meets a hundred of them
// in a row: then the name is taken and nothing can be read there, as with a link that leads nowhere.
const MOST_ROUNDS = 100;

/** E_LOCKED: another process holds it · E_LOCK_FILE: its file cannot be made or read. */
export type LockErrorCode = 'E_LOCKED' | 'E_LOCK_FILE';

/** Why a lock could not be had. */
export class LockError extends CodedError<LockErrorCode> {
  override readonly name: string = 'LockError';
}

/** What the file of a lock says, as JSON. */
interface Holder extends ProcessIdentity {
  /** Time of day in UTC, ISO 8601. */
  readonly since: string;
}

/** A file with a name of its own, from which a lock is made. */
interface Draft {
  readonly path: string;
  readonly text: string;
  readonly isBrief: boolean;
}

/**
 * What one process at a time may have: a file that says who has it. It stays when its process is killed, and is then taken
 * over by the next.
 */
export class FileLock {
  readonly #file: string;
  readonly #text: string;

  private constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /**
   * Take the lock in a file; its folder is made where it is missing. Only its owner may read it.
   *
   * The file gets its name by link(2): whole, and only where there is none. Who wants to take over that of a process which
   * has ended must first hold a second lock, one for that very file, and then look whether it is still there. So nobody
   * else replaces it meanwhile, and no time is left in which two could have it. A crash in the middle leaves the second
   * lock behind, which is taken over in the same way.
   *
   * What cannot be seen: that the other runs in a container which has this folder and this host name, but its own numbers
   * of processes.
   *
   * @throws LockError
   */
  static take(file: string, clock: Pick<Clock, 'now'> = systemClock): FileLock {
    return FileLock.#take(file, clock, false);
  }

  /**
   * The same for a lock of which many are taken, for a short while each: it is not brought onto the disk, which costs more
   * than to fetch a small file. One without content is taken over: a crash of the machine has left it, since a lock is whole
   * before it has its name.
   *
   * @throws LockError
   */
  static takeBriefly(file: string): FileLock {
    return FileLock.#take(file, systemClock, true);
  }

  static #take(file: string, clock: Pick<Clock, 'now'>, isBrief: boolean): FileLock {
    const holder: Holder = { ...thisProcess(), since: new Date(clock.now()).toISOString() };
    const id = randomBytes(8).toString('hex');
    const draft = { path: `${file}.${id}`, text: `${JSON.stringify({ ...holder, id })}\n`, isBrief };
    try {
      makeFolder(dirname(file));
      try {
        write(draft);
        take(file, draft);
      } finally {
        // Also one that could not be written whole: each start with a full disk would leave another.
        rmSync(draft.path, { force: true });
      }
    } catch (cause) {
      if (cause instanceof LockError) throw cause;
      const message = `Cannot lock ${file}: ${codeOf(cause) ?? messageOf(cause)}`;
      throw new LockError('E_LOCK_FILE', message, { cause, retry: hasNoRoom(cause) });
    }
    return new FileLock(file, draft.text);
  }

  /** Let others have it. Releasing twice is harmless, and so it is when the file is another's by now. */
  release(): void {
    if (textIn(this.#file) === this.#text) rmSync(this.#file, { force: true });
  }
}

function write({ path, text, isBrief }: Draft): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    // A power failure must not leave a lock that says nothing: nobody would dare to take it over.
    if (!isBrief) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function take(file: string, draft: Draft): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (isLinked(draft.path, file)) return;
    const there = textIn(file);
    // On a network file system the answer to a link that was made may be that it is there.
    if (there === draft.text) return;
    if (there === undefined) continue;
    if (!(draft.isBrief && hasNoContent(there))) refuseUnlessEnded(file, there);
    if (isTakenOver(file, there, draft)) return;
  }
  const problem = 'is there and cannot be read; if it is a link that leads nowhere, remove it';
  throw new LockError('E_LOCK_FILE', `${file} ${problem}`);
}

function isTakenOver(file: string, there: string, draft: Draft): boolean {
  const claim = `${file}.${createHash('sha256').update(there).digest('hex').slice(0, 16)}`;
  take(claim, draft);
  try {
    if (textIn(file) !== there) return false;
    const next = `${draft.path}.next`;
    linkSync(draft.path, next);
    renameSync(next, file);
    return true;
  } finally {
    rmSync(claim);
  }
}

function isLinked(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Also where the folder that it lay in was replaced by a file.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Of what was not brought onto the disk a crash leaves nothing, or zeros. */
function hasNoContent(text: string): boolean {
  return /^\0*$/.test(text);
}

/** @throws LockError E_LOCKED */
function refuseUnlessEnded(file: string, text: string): void {
  const holder = holderIn(text);
  const locked = (message: string) => new LockError('E_LOCKED', `${file} ${message}`, { retry: true });
  if (!holder) throw locked('does not say who holds this lock; remove it if nobody does');
  const { pid, since, host } = holder;
  switch (stateOf(holder)) {
    case 'runs':
      throw locked(`is held by another instance: process ${pid}, since ${since}; wait for its end, or stop it`);
    case 'elsewhere':
      throw locked(
        `is held on another machine, ${host}: process ${pid} there, since ${since}; remove it if it has ended`,
      );
    case 'ended':
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const { pid, began, boot, host, since } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || Number(pid) < 1 || typeof host !== 'string') return undefined;
    return {
      pid: Number(pid),
      host: showText(host),
      since: showText(String(since)),
      ...(typeof began === 'string' ? { began } : {}),
      ...(typeof boot === 'string' ? { boot } : {}),
    };
  } catch {
    return undefined;
  }
}
