import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readProblem } from '../base/read-problem.ts';
import { showText } from '../base/show-text.ts';
import { ClientError } from './client-error.ts';

/** The local working folder: that of the client, not of the process, so that each job has its own. */
export class LocalFolder {
  readonly #home: string;
  #path: string;

  /** @param home the user's own folder, which `~` means; absolute, as `path` is */
  constructor(path: string, home: string) {
    this.#path = path;
    this.#home = home;
  }

  get path(): string {
    return this.#path;
  }

  /** The absolute path of a path as typed. */
  resolve(path: string): string {
    if (path === '~') return this.#home;
    return resolve(this.#path, path.startsWith('~/') ? join(this.#home, path.slice(2)) : path);
  }

  /** @throws ClientError E_LOCAL_FILE; the folder stays what it was */
  change(path: string): void {
    const folder = this.resolve(path);
    if (!isFolder(folder)) throw new ClientError('E_LOCAL_FILE', `There is no local folder "${showText(folder)}"`);
    this.#path = folder;
  }

  /** The same place for somebody else. */
  copy(): LocalFolder {
    return new LocalFolder(this.#path, this.#home);
  }

  /**
   * Where a file goes: into a folder that is there or is named with a slash at its end, under its own name; else to that very
   * path.
   */
  placeFor(name: string, wanted: string | undefined): string {
    if (wanted === undefined) return join(this.#path, name);
    const path = this.resolve(wanted);
    return /[/\\]$/.test(wanted) || isFolder(path) ? join(path, name) : path;
  }
}

/** The last name of a local path. */
export function localName(path: string): string {
  return basename(path);
}

/** Is there a folder of that path? */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // What cannot be looked at, such as a link to itself, is told by whoever opens it.
    return false;
  }
}

/** Why something local could not be done. */
export function localError(doing: string, error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  return new ClientError('E_LOCAL_FILE', `${doing}: ${readProblem(error)}`, { cause: error });
}
