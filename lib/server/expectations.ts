import { readFile } from 'node:fs/promises';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { replaceFile } from '../base/replace-file.ts';
import { ServerError } from './server-error.ts';

/** What the whole of a file will be when its upload has ended, said before it began (SITE EXPECT). */
export type Expectation = {
  /** Hexadecimal, in small letters. */
  readonly md5: string;
  /** In bytes. */
  readonly size: number;
};

/** An upload, by whom and under which name. */
export interface UploadName {
  readonly user: string;
  /** As the user sees it, from the root. */
  readonly path: string;
}

/** What is kept of an upload that has not ended. */
type Kept = Expectation & UploadName & { readonly file: string };

/** Uploads may begin and never end: the oldest are forgotten, and then go on unguarded. Some 200 bytes each. */
const MOST_KEPT = 10_000;

/**
 * What users have said of uploads that have not ended: whoever goes on with one that is to become another file hears of
 * it. Kept outside of the users' folders, and over a restart where there is a file for it.
 */
export class Expectations {
  readonly #file: string | undefined;
  readonly #onFault: (message: string) => void;
  readonly #kept = new Map<string, Kept>();
  #saving: Promise<void> | undefined;
  #isSaved = true;

  private constructor(file: string | undefined, onFault: (message: string) => void) {
    this.#file = file;
    this.#onFault = onFault;
  }

  /** Those of this process alone. */
  static inMemory(): Expectations {
    return new Expectations(undefined, () => undefined);
  }

  /**
   * Those in a file, which need not be there yet.
   *
   * @param onFault told in one line what cannot be read or saved: uploads then go on unguarded, which is no reason to
   *   refuse them
   */
  static async open(file: string, onFault: (message: string) => void): Promise<Expectations> {
    const expectations = new Expectations(file, onFault);
    try {
      for (const kept of parse(await readFile(file, 'utf8'))) expectations.#kept.set(keyOf(kept), kept);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT')
        onFault(`Cannot read ${file}: ${messageOf(error)}; uploads begun before are unguarded`);
    }
    return expectations;
  }

  /**
   * May an upload go on?
   *
   * @param file the file that is there, by device and inode: another one under the same name is not meant
   * @param said for this upload; `undefined` when nothing was
   * @returns what holds for it from now on
   * @throws ServerError E_CHANGED when the part that is there belongs to another content
   */
  goingOn(name: UploadName, file: string, said: Expectation | undefined): Expectation | undefined {
    const kept = this.#kept.get(keyOf(name));
    if (kept?.file !== file) return said;
    if (said === undefined || (said.md5 === kept.md5 && said.size === kept.size)) return kept;
    throw new ServerError('E_CHANGED', 'What is there belongs to another content, begin anew');
  }

  /** An upload has begun, anew or not. */
  begin({ user, path }: UploadName, file: string, { md5, size }: Expectation): void {
    const kept = { user, path, file, md5, size };
    this.#kept.delete(keyOf(kept));
    this.#kept.set(keyOf(kept), kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    this.#saveSoon();
  }

  /** An upload has ended, or nothing is known of what it will be. */
  forget(name: UploadName): void {
    if (this.#kept.delete(keyOf(name))) this.#saveSoon();
  }

  /** Fulfilled when all is saved that is to be. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  /** What changes while a save runs is saved with the next one. */
  #saveSoon(): void {
    this.#isSaved = false;
    if (this.#file !== undefined) this.#saving ??= this.#save(this.#file);
  }

  async #save(file: string): Promise<void> {
    while (!this.#isSaved) {
      this.#isSaved = true;
      const text = `${JSON.stringify({ version: 1, uploads: [...this.#kept.values()] })}\n`;
      await replaceFile(file, text).catch((error) => {
        const lost = `Cannot write ${file}: ${messageOf(error)}; uploads are unguarded after a restart`;
        this.#onFault(codeOf(error) === 'E_UNSYNCED' ? messageOf(error) : lost);
      });
    }
    this.#saving = undefined;
  }
}

function keyOf({ user, path }: UploadName): string {
  return `${user}\0${path}`;
}

function parse(text: string): readonly Kept[] {
  const { version, uploads } = JSON.parse(text) as { readonly version?: unknown; readonly uploads?: unknown };
  if (version !== 1 || !Array.isArray(uploads) || !uploads.every(isKept)) throw new Error('it holds something else');
  return uploads;
}

function isKept(value: unknown): value is Kept {
  const { user, path, file, md5, size } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  return [user, path, file, md5].every((text) => typeof text === 'string') && Number.isSafeInteger(size);
}
