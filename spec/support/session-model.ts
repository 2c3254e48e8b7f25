import { posix } from 'node:path';

/** What a transfer is answered with in the end, and what it brings. */
export interface ModelTransfer {
  readonly code: number;
  readonly content?: string;
}

/**
 * What a session and its files are like, in a few lines and in memory: what the server does on a disk is compared with it.
 * Contents are texts of ASCII; a folder has none.
 */
export class SessionModel {
  readonly entries = new Map<string, string | undefined>([['/', undefined]]);
  type: 'A' | 'I' = 'I';
  cwd = '/';
  #restart = 0;
  #rangeEnd: number | undefined;

  enter(argument: string): number {
    const path = this.#at(argument);
    if (!this.#isFolder(path)) return 550;
    this.cwd = path;
    return 250;
  }

  make(argument: string): number {
    const path = this.#at(argument);
    if (this.entries.has(path) || !this.#isFolder(posix.dirname(path))) return 550;
    this.entries.set(path, undefined);
    return 257;
  }

  removeFolder(argument: string): number {
    const path = this.#at(argument);
    if (path === '/' || !this.#isFolder(path) || this.#below(path).length > 0) return 550;
    this.entries.delete(path);
    return 250;
  }

  removeFile(argument: string): number {
    const path = this.#at(argument);
    if (!this.#isFile(path)) return 550;
    this.entries.delete(path);
    return 250;
  }

  removeAll(argument: string): number {
    const path = this.#at(argument);
    if (path === '/' || !this.#isFolder(path)) return 550;
    for (const gone of [path, ...this.#below(path)]) this.entries.delete(gone);
    return 250;
  }

  /** The answers to RNFR and RNTO. */
  rename(from: string, to: string): readonly [number, number] {
    const [source, target] = [this.#at(from), this.#at(to)];
    if (!this.entries.has(source)) return [550, 503];
    if (source === '/' || target === '/' || !this.#isFolder(posix.dirname(target))) return [350, 550];
    if (source === target) return [350, 250];
    if (target.startsWith(`${source}/`)) return [350, 553];
    const isReplaced = this.entries.has(target);
    const isOther = this.#isFolder(source) !== this.#isFolder(target);
    if (isReplaced && (isOther || this.#below(target).length > 0)) return [350, 550];
    for (const path of [source, ...this.#below(source)]) {
      this.entries.set(target + path.slice(source.length), this.entries.get(path));
      this.entries.delete(path);
    }
    return [350, 250];
  }

  restart(offset: number): number {
    if (this.type === 'A' && offset > 0) return 504;
    this.#restart = offset;
    this.#rangeEnd = undefined;
    return 350;
  }

  range(first: number, last: number): number {
    this.#forgetRange();
    if (this.type === 'A') return 504;
    this.#restart = first;
    this.#rangeEnd = last + 1;
    return 350;
  }

  store(argument: string, sent: string, isAdded: boolean): number {
    const path = this.#at(argument);
    const [start, end] = this.#forgetRange();
    const isPart = start > 0 || end !== undefined;
    if (isAdded && isPart) return 503;
    if (this.type === 'A' && isPart) return 504;
    if (this.#isFolder(path) || !this.#isFolder(posix.dirname(path))) return 550;
    const before = this.entries.get(path) ?? '';
    const content = this.type === 'A' ? sent.replaceAll('\r\n', '\n') : sent;
    if (start > before.length) return 554;
    const kept = isAdded ? before : before.slice(0, start);
    const behind = end === undefined ? '' : before.slice(start + content.length);
    this.entries.set(path, kept + content + behind);
    return end === undefined || content.length === end - start ? 226 : 554;
  }

  /** How much {@link store} may get: more than a range takes is another matter. */
  get mostBytes(): number {
    return this.#rangeEnd === undefined ? Number.POSITIVE_INFINITY : this.#rangeEnd - this.#restart;
  }

  fetch(argument: string): ModelTransfer {
    const path = this.#at(argument);
    const content = this.entries.get(path);
    const [start, end] = this.#forgetRange();
    if (this.type === 'A' && (start > 0 || end !== undefined)) return { code: 504 };
    if (content === undefined) return { code: 550 };
    if (end === undefined && start > content.length) return { code: 554 };
    const part = content.slice(start, end);
    return { code: 226, content: this.type === 'A' ? part.replaceAll('\n', '\r\n') : part };
  }

  /** NLST, in the order of the alphabet. */
  list(argument: string): ModelTransfer {
    this.#forgetRange();
    const path = this.#at(argument);
    if (!this.entries.has(path)) return { code: 550 };
    if (this.#isFile(path)) return { code: 226, content: argument };
    const before = argument === '' ? '' : argument.replace(/\/*$/, '/');
    const names = this.#below(path).filter((inner) => posix.dirname(inner) === path);
    return {
      code: 226,
      content: names
        .map((inner) => before + posix.basename(inner))
        .sort()
        .join('\n'),
    };
  }

  size(argument: string): string {
    const content = this.entries.get(this.#at(argument));
    return content === undefined || this.type === 'A' ? '550' : `213 ${content.length}`;
  }

  #at(argument: string): string {
    return posix.resolve(this.cwd, argument);
  }

  #isFolder(path: string): boolean {
    return this.entries.has(path) && this.entries.get(path) === undefined;
  }

  #isFile(path: string): boolean {
    return this.entries.get(path) !== undefined;
  }

  #below(path: string): readonly string[] {
    const before = path === '/' ? '/' : `${path}/`;
    return [...this.entries.keys()].filter((other) => other !== '/' && other.startsWith(before));
  }

  #forgetRange(): readonly [number, number | undefined] {
    const range = [this.#restart, this.#rangeEnd] as const;
    this.#restart = 0;
    this.#rangeEnd = undefined;
    return range;
  }
}
