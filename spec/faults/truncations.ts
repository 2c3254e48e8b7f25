import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { walk } from '../../lib/files/directory.ts';
import { isComplete } from '../../lib/sync/cycle-summary.ts';
import type { FarTree } from '../support/far-tree.ts';
import { MemoryTransport } from '../support/memory-transport.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type History, largeHistory, smallHistory } from './histories.ts';

/** What the mirror did wrong, one line each. */
export type Wrongs = readonly string[];

/** How many truncations there were, and what went wrong after them. */
export interface Truncations {
  readonly count: number;
  readonly wrongs: Wrongs;
}

/** Cut the journal of a small past at each of its bytes, and let the mirror run on each of them. */
export async function truncateEverywhere(): Promise<Truncations> {
  return truncate(await smallHistory(), (size) => Array.from({ length: size + 1 }, (_, at) => at));
}

/** Cut the journal of a large past at so many places, and let the mirror run on each of them. */
export async function truncateSomewhere(count: number, seed: number): Promise<Truncations> {
  const random = seededRandom(seed);
  return truncate(await largeHistory(seed), (size) => Array.from({ length: count }, () => random.integer(size + 1)));
}

async function truncate(history: History, places: (size: number) => readonly number[]): Promise<Truncations> {
  const before = new Before(history);
  try {
    const wrongs: string[] = [];
    const all = places(before.journal.length);
    for (const at of all) {
      for (const wrong of await before.goOnFrom(at))
        wrongs.push(`cut at byte ${at} of ${before.journal.length}: ${wrong}`);
      if (wrongs.length > 20) break;
    }
    return { count: all.length, wrongs };
  } finally {
    history.scene.dispose();
  }
}

/** What there is before the mirror is started again. */
class Before {
  readonly journal: Buffer;
  readonly #history: History;
  readonly #file: string;
  readonly #far: FarTree;
  readonly #near: ReadonlyMap<string, string>;
  readonly #unsent: ReadonlySet<string>;

  constructor(history: History) {
    this.#history = history;
    this.#file = history.scene.journalFile;
    this.journal = readFileSync(this.#file);
    this.#far = history.scene.transport.tree;
    this.#near = filesIn(history.scene.near);
    this.#unsent = history.unsent;
  }

  /** Run the mirror with what is left of the journal when it is cut at a byte. */
  async goOnFrom(at: number): Promise<Wrongs> {
    const { scene, strangers } = this.#history;
    writeFileSync(this.#file, this.journal.subarray(0, at));
    scene.transport = copyOf(this.#far);
    scene.restart();
    const isOurs = this.#ours();
    const wrongs: string[] = [];
    const summary = await scene.cycle();
    if (!isComplete(summary)) wrongs.push(`not complete: ${JSON.stringify(summary)}`);

    const far = scene.transport.tree.all();
    const near = this.#near;
    for (const [path, content] of near) {
      if (far[path] !== content) wrongs.push(`missed upload: ${path} is ${far[path]} instead of ${content}`);
    }
    for (const [path, content] of strangers) {
      if (far[path] !== content) wrongs.push(`stranger's file lost: ${path} is ${far[path]}`);
    }
    for (const [path, content] of Object.entries(far)) {
      if (content === null || near.has(path) || strangers.has(path)) continue;
      if (isOurs(path)) wrongs.push(`removal not carried out: ${path}`);
      else if (content !== contentAt(this.#far, path)) wrongs.push(`changed for no reason: ${path}`);
    }
    const sent = scene.transport.callsOf('upload').map((call) => call.slice('upload '.length));
    for (const path of sent) if (!this.#unsent.has(path)) wrongs.push(`sent for no reason: ${path}`);

    scene.transport.calls.length = 0;
    await scene.cycle();
    if (scene.transport.calls.length > 0) wrongs.push(`not settled: ${JSON.stringify(scene.transport.calls)}`);
    scene.journal.close();
    return wrongs;
  }

  /** What the journal that is left says of the mirror's own files, as far as it is true. */
  #ours(): (path: string) => boolean {
    const { journal } = this.#history.scene;
    const versions = journal.doubts().filter(({ kind }) => kind === 'upload');
    const ours = versions.map(({ path, size, mtimeMs }) => [path, size, mtimeMs] as const);
    for (const { path, directory } of walk(journal.far)) {
      for (const { name, size, mtimeMs } of directory.files()) {
        ours.push([path === '' ? name : `${path}/${name}`, size, mtimeMs]);
      }
    }
    const isTrue = ([path, size, mtimeMs]: readonly [string, number, number]) => {
      const there = this.#far.at(path);
      return there?.kind === 'file' && there.content.length === size && there.mtimeMs === mtimeMs;
    };
    const paths = new Set(ours.filter(isTrue).map(([path]) => path));
    return (path) => paths.has(path);
  }
}

/** The files in a folder, and in those below, with their contents. */
function filesIn(root: string): ReadonlyMap<string, string> {
  const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = all.map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [relative(root, file), readFileSync(file, 'latin1')]));
}

function copyOf(tree: FarTree): MemoryTransport {
  const transport = new MemoryTransport();
  for (const [path, content] of Object.entries(tree.all())) {
    const node = tree.at(path);
    if (content === null) transport.tree.putFolder(path);
    else if (node?.kind === 'file') transport.tree.putFile(path, content, node.mtimeMs);
  }
  return transport;
}

function contentAt(tree: FarTree, path: string): string | undefined {
  const node = tree.at(path);
  return node?.kind === 'file' ? node.content : undefined;
}
