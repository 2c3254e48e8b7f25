import { createHash } from 'node:crypto';
import { type Content, type EntryPath, exists, NO_STAMP, parentOf, type Seen } from '../../../lib/share/model/entry.ts';

/** Something on a virtual disk. */
interface Node {
  readonly content: Exclude<Content, { type: 'deleted' }>;
  /** Of a file. */
  readonly text: string;
  /** No two writings have the same. */
  readonly writing: number;
}

/** What a text is known by. */
function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The share of one peer, in memory. */
export class VirtualDisk {
  readonly #nodes = new Map<EntryPath, Node>();
  #writings = 0;

  /** All paths, folders before what is in them. */
  get paths(): readonly EntryPath[] {
    return [...this.#nodes.keys()].sort();
  }

  /** What lies at a path, as a look at it would tell. */
  see(path: EntryPath): Seen {
    const node = this.#nodes.get(path);
    return node === undefined
      ? { type: 'deleted', stamp: NO_STAMP }
      : { ...node.content, stamp: node.content.type === 'directory' ? 'folder' : `${node.writing}` };
  }

  textAt(path: EntryPath): string | undefined {
    return this.#nodes.get(path)?.text;
  }

  /** Where a file with this content lies. */
  findText(id: string): string | undefined {
    for (const { content, text } of this.#nodes.values()) if (content.type === 'file' && content.id === id) return text;
    return undefined;
  }

  isFolder(path: EntryPath): boolean {
    return path === '' || this.#nodes.get(path)?.content.type === 'directory';
  }

  /** All below a folder, deepest first. */
  below(path: EntryPath): readonly EntryPath[] {
    return this.paths.filter((other) => other.startsWith(`${path}/`)).reverse();
  }

  /** Write a file anew, or change what is said of it. The folder has to be there, and no folder of that name. */
  write(path: EntryPath, text: string, mtimeMs: number, isExecutable: boolean): void {
    this.#put(path, { type: 'file', size: text.length, id: idOf(text), mtimeMs, isExecutable }, text);
  }

  makeFolder(path: EntryPath): void {
    this.#put(path, { type: 'directory' }, '');
  }

  /** @throws Error for a folder that is not empty */
  remove(path: EntryPath): void {
    if (this.below(path).length > 0) throw new Error(`${path} is not empty`);
    this.#nodes.delete(path);
  }

  /** The same file under another name. */
  rename(from: EntryPath, to: EntryPath): void {
    const node = this.#nodes.get(from);
    if (node === undefined) throw new Error(`there is no ${from}`);
    this.remove(to);
    this.#nodes.delete(from);
    this.#put(to, node.content, node.text);
  }

  /** All that is there, in a text that is the same for equal trees. */
  print(): string {
    return this.paths
      .map((path) => `${path} ${JSON.stringify(this.#nodes.get(path)?.content)} ${this.textAt(path)}`)
      .join('\n');
  }

  #put(path: EntryPath, content: Content, text: string): void {
    if (!exists(content)) throw new Error('nothing to put');
    if (!this.isFolder(parentOf(path))) throw new Error(`there is no folder for ${path}`);
    if (content.type === 'file' && this.below(path).length > 0) throw new Error(`${path} is a folder`);
    this.#writings += 1;
    this.#nodes.set(path, { content, text, writing: this.#writings });
  }
}
