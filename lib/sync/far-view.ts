import { Directory, join } from '../files/directory.ts';
import { File } from '../files/file.ts';
import type { Filter } from '../files/filter.ts';
import type { LeftOut } from '../files/left-out.ts';
import { isLocalName } from '../files/local-name.ts';
import { printable } from '../files/printable.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import { isForGood } from './list-tree.ts';

/** The time of a file whose time nobody tells: no file has it. */
export const UNKNOWN_TIME = -1;

/** Which part of the far side is looked at. */
export interface FarViewRules {
  readonly transport: Transport;
  readonly filter: Filter;
  /** An entry directly in the root has depth 1. */
  readonly maxDepth: number;
  /** No further folder is listed after it is aborted. */
  readonly signal: AbortSignal;
}

/** All that is on the far side, as one scan of a near folder tells what is there. */
export interface FarTree {
  readonly root: Directory;
  /** What is there but not in it. */
  readonly left: readonly LeftOut[];
  /** Could all be seen? Else nothing may be taken for gone. */
  readonly isWhole: boolean;
}

/**
 * List the far root and all folders below it, side by side.
 *
 * @throws TransferError E_MISSING when there is no far root, or what a listing failed with; the reason of the signal
 */
export async function viewFar(rules: FarViewRules): Promise<FarTree> {
  const viewer = new Viewer(rules);
  await viewer.view('', 1);
  return viewer;
}

class Viewer implements FarTree {
  readonly root = new Directory('');
  readonly left: LeftOut[] = [];
  isWhole = true;
  readonly #rules: FarViewRules;

  constructor(rules: FarViewRules) {
    this.#rules = rules;
  }

  /** @param depth of what is in it */
  async view(path: string, depth: number): Promise<void> {
    const { transport, signal } = this.#rules;
    signal.throwIfAborted();
    try {
      const { entries, unreadable } = await transport.survey(path);
      if (unreadable > 0) this.#leave(path, 'unreadable', `${unreadable} lines of its listing cannot be read`);
      const folder = this.root.makeDirectoryAt(path);
      await allEnded(this.#sort(folder, path, entries).map((below) => this.#below(below, depth)));
    } catch (error) {
      if (!(error instanceof TransferError) || path === '') throw error;
      if (error.code !== 'E_MISSING' && !isForGood(error)) throw error;
      this.#leave(path, 'unreadable', error.message);
    }
  }

  async #below(path: string, depth: number): Promise<void> {
    if (depth < this.#rules.maxDepth) return this.view(path, depth + 1);
    this.root.makeDirectoryAt(path);
    this.left.push({ path, reason: 'too-deep' });
  }

  /** @returns the folders to be looked at */
  #sort(folder: Directory, path: string, entries: readonly FarEntry[]): readonly string[] {
    const folders: string[] = [];
    for (const { name, kind, size, mtimeMs = UNKNOWN_TIME, isBeingSent } of entries) {
      const at = join(path, name);
      if (kind === 'temporary') continue;
      if (isBeingSent) this.left.push({ path: at, reason: 'excluded' });
      else if (!isLocalName(name)) this.#leave(join(path, printable(name)), 'name', 'it cannot be kept here');
      else if (this.#isExcluded(at, kind)) this.left.push({ path: at, reason: 'excluded' });
      else if (kind === 'directory') folders.push(at);
      else if (kind === 'file') folder.setFile(new File(name, size, mtimeMs));
      else this.left.push({ path: at, reason: 'special' });
    }
    return folders;
  }

  #isExcluded(path: string, kind: FarEntry['kind']): boolean {
    const { filter } = this.#rules;
    if (kind === 'file' || kind === 'directory') return filter.leavesOut(path, kind);
    return filter.leavesOut(path, 'file') || filter.leavesOut(path, 'directory');
  }

  #leave(path: string, reason: LeftOut['reason'], detail: string): void {
    this.isWhole = false;
    this.left.push({ path, reason, detail });
  }
}
