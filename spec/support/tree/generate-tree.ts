import { mkdirSync } from 'node:fs';
import { seededRandom } from '../seeded-random.ts';
import { asBytes, onDisk } from './disk.ts';
import { namesFor } from './names.ts';
import { contentOf, PastTimes, writeFileAt } from './write-file.ts';

const MEBIBYTE = 1024 * 1024;
// Most files that people mirror are source texts and pages.
const SMALL = 4096;
const EXTENSIONS = ['.txt', '.html', '.ts', '.png', ''];

/** What a tree is to be like; the same options make the same tree. */
export interface TreeOptions {
  /** Another seed, another tree. */
  readonly seed: number;
  /** How many files. Default: 200, enough for every odd name. */
  readonly files?: number;
  /** How many folders have files or folders in them. Default: one for eight files, at least 9. */
  readonly folders?: number;
  /** Size of the one largest file in bytes. Default: 20 MiB. */
  readonly largest?: number;
  /** Up to how many bytes one file in twenty has; all others have at most 4 KiB. Default: 256 KiB. */
  readonly medium?: number;
  /** How many folders may be nested. Default: 8. */
  readonly depth?: number;
  /** Only names that every server of the specs can hold? Default: no. See {@link isPortable}. */
  readonly portable?: boolean;
}

/** What was made. */
export interface MadeTree {
  readonly files: number;
  readonly folders: number;
  /** Of the content of all files. */
  readonly bytes: number;
}

type Plan = Required<TreeOptions>;

/**
 * Make a tree of folders and files as users have them: deep and shallow, many small files, a few that are not, empty
 * ones, hidden ones, and names of every sort.
 *
 * The first folders are one within the other, down to `depth`; a tenth more than `folders` are empty. The first file is
 * the largest, and one in twenty-five has no content.
 *
 * @param root an existing, empty folder
 */
export function generateTree(root: string, options: TreeOptions): MadeTree {
  const plan = withDefaults(options);
  const places = new Places(plan);
  const folders = planFolders(places, plan);
  const parents = folders.filter((path) => depthOf(path) < plan.depth);
  const empty = Array.from({ length: Math.ceil(plan.folders / 10) }, () => places.place('empty #', parents));
  for (const folder of [...folders.slice(1), ...empty]) mkdirSync(onDisk(root, folder));
  places.startAgain();
  const times = new PastTimes(Date.UTC(2010, 0, 1) / 1000);
  let bytes = 0;
  for (let index = 0; index < plan.files; index += 1) {
    const size = sizeOf(index, plan, places.random);
    const path = places.place(`file #${EXTENSIONS[index % EXTENSIONS.length]}`, folders);
    writeFileAt(onDisk(root, path), contentOf(`${plan.seed} ${index}`, size), times.next());
    bytes += size;
  }
  return { files: plan.files, folders: folders.length - 1 + empty.length, bytes };
}

function withDefaults({ files = 200, depth = 8, ...options }: TreeOptions): Plan {
  const folders = Math.max(depth + 1, Math.ceil(files / 8));
  return { folders, largest: 20 * MEBIBYTE, medium: MEBIBYTE / 4, portable: false, ...options, files, depth };
}

// Paths of the folders that get something into them, the root first, a parent before its children.
function planFolders(places: Places, { folders, depth }: Plan): readonly string[] {
  const paths = [''];
  while (paths.length <= folders) {
    const shallow = paths.filter((path) => depthOf(path) < depth);
    paths.push(places.place('folder #', paths.length <= depth ? shallow.slice(-1) : shallow));
  }
  return paths;
}

function depthOf(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

function sizeOf(index: number, { largest, medium }: Plan, random: () => number): number {
  if (index === 0) return largest;
  if (index % 25 === 0) return 0;
  return Math.ceil(random() * (index % 20 === 1 ? medium : SMALL));
}

/** Gives out names and remembers which paths are taken. */
class Places {
  readonly random: () => number;
  readonly #odd: readonly string[];
  readonly #taken = new Set<string>();
  #waiting: string[];
  #given = 0;

  constructor({ seed, portable }: Plan) {
    this.random = seededRandom(seed).fraction;
    this.#odd = namesFor(portable);
    this.#waiting = this.#shuffled();
  }

  /** Give out all odd names once more. */
  startAgain(): void {
    this.#waiting = this.#shuffled();
  }

  /**
   * A new path in one of the folders, with an odd name as long as there are some, every second time.
   *
   * @param plainName the name otherwise, `#` standing for a number
   */
  place(plainName: string, folders: readonly string[]): string {
    this.#given += 1;
    const folder = this.#shallowOf(folders);
    const [odd] = this.#given % 2 === 0 ? this.#waiting : [];
    const path = below(folder, odd ?? plainName.replace('#', String(this.#given)));
    // A folder may have the name already: then it waits for another turn.
    if (this.#taken.has(path)) return this.place(plainName, folders);
    if (odd !== undefined) this.#waiting.shift();
    this.#taken.add(path);
    return path;
  }

  // The less deep of two: trees of users are broad at the top.
  #shallowOf(folders: readonly string[]): string {
    const [one, other] = [this.#pick(folders), this.#pick(folders)];
    return depthOf(one) <= depthOf(other) ? one : other;
  }

  #pick(folders: readonly string[]): string {
    return folders[Math.floor(this.random() * folders.length)] ?? '';
  }

  #shuffled(): string[] {
    const keyed = this.#odd.map((name) => ({ name, key: this.random() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ name }) => name);
  }
}

function below(folder: string, name: string): string {
  return folder === '' ? asBytes(name) : `${folder}/${asBytes(name)}`;
}
