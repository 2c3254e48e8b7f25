import type { EventEmitter } from 'node:events';
import type { TransferEvents } from './progress.ts';

/** A local file to be sent. Plain JSON values: it travels to child processes. */
export type Upload = {
  /** Where it goes: below the far root, parts joined by `/`. */
  readonly path: string;
  /** Where it is read from: an absolute local path. */
  readonly source: string;
  /** Size in bytes as the scan saw it. */
  readonly size: number;
  /** Time of the last change as the scan saw it, whole milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;
};

/** What became of an upload. Size and time are those of the source that was really sent. */
export type Uploaded = {
  readonly size: number;
  readonly mtimeMs: number;
};

/** A far file to be fetched. Plain JSON values: it travels to child processes. */
export type Download = {
  /** Where it is: below the far root, parts joined by `/`. */
  readonly path: string;
  /** Where it goes: an absolute local path, in a folder that is there. */
  readonly target: string;
  /** Size in bytes as a listing told it; missing where it is not known. */
  readonly size?: number | undefined;
  /** Time of the last change as a listing told it, milliseconds since 1970 (UTC). */
  readonly mtimeMs?: number | undefined;
};

/** Size and time of what was really fetched; the time as far as the server tells it. */
export type Downloaded = {
  readonly size: number;
  readonly mtimeMs?: number | undefined;
};

/** One line of a far listing. */
export type FarEntry = {
  readonly name: string;
  /** `temporary`: a file that this very mirror began to send and that never got its name. */
  readonly kind: 'file' | 'directory' | 'temporary' | 'other';
  /** Size in bytes; 0 for what is neither a file nor a temporary one. */
  readonly size: number;
  /** Time of the last change, milliseconds since 1970 (UTC); `undefined` where the server does not tell it exactly. */
  readonly mtimeMs?: number;
  /** A file that a mirror of another pair sends, or once began to. */
  readonly isBeingSent?: true;
};

/** All that is in a far folder, for one that is to become equal to it. */
export type Survey = {
  readonly entries: readonly FarEntry[];
  /** How many lines nobody can be sure about: there is something, and it may have any name. */
  readonly unreadable: number;
};

/**
 * What a far side must be able to do.
 *
 * All paths are relative to the far root and joined by `/`; `''` is the root itself. Every method may be called while
 * others are under way; one that fails refuses its promise with a {@link TransferError} and leaves the transport usable.
 * Each mkdir, rmdir, upload, download and remove is a job: it has exactly one `start` and one `end` event.
 */
export interface Transport {
  /** Start and end of each job, and the bytes that move in between. */
  readonly events: EventEmitter<TransferEvents>;

  /** Get ready to {@link connect}, which will surely be called, as far as that can be done without the far side. */
  prepare?(): void;

  /**
   * Log in and make the far root where it is missing, also when it was removed since the last call.
   *
   * @returns whether it had to be made: then nothing is in it
   * @throws TransferError E_CONNECT, E_LOGIN, E_TLS, E_TIMEOUT, or E_REFUSED when the root cannot be made
   */
  connect(): Promise<boolean>;

  /**
   * Finish what is under way and close every connection. Closing twice is harmless.
   *
   * @param withinMs break off what is not finished after so many milliseconds: it fails, and may or may not be done;
   *   without it there is no such limit
   */
  disconnect(withinMs?: number): Promise<void>;

  /** Make a folder; its parent must be there. A folder that is there already is a success. */
  mkdir(path: string): Promise<void>;

  /**
   * Remove an empty folder. One that is not there is a success.
   *
   * @throws TransferError E_NOT_EMPTY when it holds entries
   */
  rmdir(path: string): Promise<void>;

  /**
   * Send a file so that its content, size and (where the server can) time arrive, in place of one of the same name.
   *
   * What arrived of a large file before its sending broke off may stay, for the next call with the same version to go on
   * from.
   *
   * @throws TransferError E_SOURCE, E_CHANGED, E_TRUNCATED or E_MISMATCH; what was there before is then still there, unless the
   *   server refuses renames
   */
  upload(upload: Upload): Promise<Uploaded>;

  /**
   * Fetch a file so that its content, size and time arrive, in place of one of the same name: all at once, when all of it is
   * there. Only a file is ever replaced, and nothing is written through a link.
   *
   * What arrived of a large file before its fetching broke off may stay beside the target, for the next call with the same
   * version to go on from.
   *
   * @throws TransferError E_CHANGED, E_TRUNCATED, E_MISMATCH, E_TARGET, E_NO_ROOM; what was there before is then still there
   */
  download(download: Download): Promise<Downloaded>;

  /**
   * The path under which this version of a file is sent before it gets its name. A `temporary` that is listed there may
   * spare a later upload of the same version some bytes if it {@link resumes}; any other is of no use any more.
   */
  temporaryOf(version: Pick<Upload, 'path' | 'size' | 'mtimeMs'>): string;

  /** Does an upload of so many bytes go on from what one that broke off has left? */
  resumes(size: number): boolean;

  /**
   * Remove a file, be it a temporary one, or move it where removed files are kept. One that is not there is a success.
   *
   * @param known size and time with which it was sent: it is removed only if it still has that size, and that time where
   *   the far side keeps and tells times
   * @throws TransferError E_OTHER_CONTENT when it is something else by now, which is left as it is
   */
  remove(path: string, known?: Uploaded): Promise<void>;

  /**
   * What is in a folder, `.` and `..` left out.
   *
   * @throws TransferError E_MISSING when there is no such folder
   */
  list(path: string): Promise<readonly FarEntry[]>;

  /**
   * All that is in a folder, and whether that is all.
   *
   * @throws TransferError E_MISSING when there is no such folder, E_TRUNCATED when the listing broke off
   */
  survey(path: string): Promise<Survey>;

  /**
   * Can this far side hold a file's time? Asked by setting the time that an existing file has already.
   *
   * @param path of an existing far file
   * @param mtimeMs the time its listing told
   */
  keepsTimes(path: string, mtimeMs: number): Promise<boolean>;
}
