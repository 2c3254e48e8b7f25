import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import { makeFolder } from '../base/make-folder.ts';
import { localError } from './local-folder.ts';

/** Names for sites, in a file of their own: one `name address` a line, never with a password. */
export class Bookmarks {
  readonly #folder: string;

  /** @param folder where the client keeps what it remembers; it is made when it is needed */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #file(): string {
    return join(this.#folder, 'bookmarks');
  }

  /** All of them, by name. @throws ClientError E_LOCAL_FILE */
  all(): ReadonlyMap<string, string> {
    try {
      const lines = readFileSync(this.#file, 'utf8').split('\n');
      return new Map(
        lines.flatMap((line) => {
          const [, name, address] = /^(\S+) (\S.*)$/.exec(line) ?? [];
          return name === undefined || address === undefined ? [] : [[name, address]];
        }),
      );
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return new Map();
      throw localError('Cannot read the bookmarks', error);
    }
  }

  /** @param address without a password. @throws ClientError E_LOCAL_FILE */
  add(name: string, address: string): void {
    this.#save(new Map([...this.all(), [name, address]]));
  }

  /** @returns whether there was one. @throws ClientError E_LOCAL_FILE */
  remove(name: string): boolean {
    const all = new Map(this.all());
    const wasThere = all.delete(name);
    if (wasThere) this.#save(all);
    return wasThere;
  }

  /** A reader finds the old ones or the new ones, never half of them. */
  #save(all: ReadonlyMap<string, string>): void {
    const text = [...all].map(([name, address]) => `${name} ${address}\n`).join('');
    const draft = `${this.#file}.${process.pid}`;
    try {
      makeFolder(this.#folder);
      writeFileSync(draft, text, { mode: 0o600 });
      renameSync(draft, this.#file);
    } catch (error) {
      throw localError('Cannot write the bookmarks', error);
    }
  }
}
