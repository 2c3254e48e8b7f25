import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/seeded-random.ts';
import { entriesBelow, onDisk } from '../support/tree/disk.ts';
import { contentOf, PastTimes, writeFileAt } from '../support/tree/write-file.ts';

/** What a tree of the benchmark is like: its files lie evenly in folders beside each other. */
export interface TreeShape {
  readonly files: number;
  readonly folders: number;
  /** Size of its smallest and largest files, in bytes. */
  readonly smallest: number;
  readonly largest: number;
}

export type TreeName = 'S' | 'S20' | 'S1k' | 'M' | 'L' | 'tiny';

const KIB = 1024;
const MIB = KIB * KIB;
const BLOCK = 4 * KIB;
const SMALL = { smallest: KIB, largest: 8 * KIB };

/** The trees that are sent. */
export const trees: Readonly<Record<TreeName, TreeShape>> = {
  S: { files: 5_000, folders: 200, ...SMALL },
  S20: { files: 20_000, folders: 800, ...SMALL },
  S1k: { files: 1_000, folders: 40, ...SMALL },
  M: { files: 500, folders: 20, smallest: 256 * KIB, largest: 256 * KIB },
  L: { files: 2, folders: 1, smallest: 512 * MIB, largest: 512 * MIB },
  tiny: { files: 20, folders: 2, ...SMALL },
};

/**
 * Make a tree; the same shape makes the same tree.
 *
 * @param root an existing, empty folder
 */
export function growTree(root: string, { files, folders, smallest, largest }: TreeShape): void {
  const { fraction } = seededRandom(files);
  const times = new PastTimes(Date.UTC(2010, 0, 1) / 1000);
  for (let folder = 0; folder < folders; folder += 1) mkdirSync(join(root, folderName(folder)));
  for (let index = 0; index < files; index += 1) {
    const path = join(root, folderName(index % folders), `file-${index}.txt`);
    const size = smallest + Math.floor(fraction() * (largest - smallest + 1));
    writeFileAt(path, contentOf(`${files} ${index}`, size), times.next());
  }
  // Otherwise the disk would be busy with it during the first runs. The few files of a spec need not wait for others.
  if (files * (largest + BLOCK) > MIB) execFileSync('sync');
}

function folderName(index: number): string {
  return `folder-${String(index).padStart(4, '0')}`;
}

const DAY_SECONDS = 86_400;

/** Make every file of a tree a day younger, as an editor does that saves what was not changed. */
export function touchTree(root: string): void {
  for (const { path, kind, stats } of entriesBelow(root)) {
    // A whole day, since a LIST of older files tells no more.
    const seconds = Math.floor(stats.mtimeMs / 1000) + DAY_SECONDS;
    if (kind === 'file') utimesSync(onDisk(root, path), seconds, seconds);
  }
}
