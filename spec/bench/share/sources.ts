import { randomFillSync } from 'node:crypto';
import { closeSync, cpSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type SeededRandom, seededRandom } from '../../support/seeded-random.ts';

const KIB = 1024;
const MIB = 1024 ** 2;
const BLOCK = Buffer.alloc(MIB);
const FILES_OF_A_FOLDER = 100;

/** How much there is of everything, at a scale of 1 as the rows tell. */
export function amountsAt(scale: number) {
  return {
    bytes: Math.max(4, Math.round(1024 * scale)) * MIB,
    files: Math.max(FILES_OF_A_FOLDER, Math.round(10_000 * scale)),
    changes: Math.max(10, Math.round(200 * scale)),
    /** Of the course: 500 MB. */
    courseBytes: Math.round(500e6 * scale),
  };
}

/** What can be sent. */
export type Source = 'random' | 'text' | 'tree' | 'ten' | 'course' | 'fifty';

/** Makes what is sent when it is first asked for, and hands out copies: it is the same for all programs and rounds. */
export class Sources {
  readonly #folder: string;
  readonly #scale: number;
  readonly #made = new Set<Source>();

  /** @param folder is there, and on the file system on which the shares are */
  constructor(folder: string, scale: number) {
    this.#folder = folder;
    this.#scale = scale;
  }

  /** Make what is not there yet. @returns its path */
  make(source: Source): string {
    const path = join(this.#folder, source);
    if (!this.#made.has(source)) makers[source](path, this.#scale);
    this.#made.add(source);
    return path;
  }
}

const makers: Readonly<Record<Source, (path: string, scale: number) => void>> = {
  random: (path, scale) => writeRandom(path, amountsAt(scale).bytes),
  text: (path, scale) => writeText(path, amountsAt(scale).bytes),
  tree: (path, scale) => writeTree(path, amountsAt(scale).files, logUniform),
  ten: (path) => writeRandom(path, 10e6),
  course: (path, scale) => writeRandom(path, amountsAt(scale).courseBytes),
  fifty: (path) => writeTree(path, 50, () => KIB),
};

/** From 1 to 32 KiB, as many small ones as large ones by their orders of magnitude. */
export function logUniform(random: SeededRandom): number {
  return Math.round(KIB * 32 ** random.fraction());
}

/** A copy at another place of the same file system. */
export function copyOf(source: string, target: string): string {
  cpSync(source, target, { recursive: true });
  return target;
}

/**
 * Take memory from the machine and give it back: a virtual machine gets its memory only when that is first written to, which costs
 * several times as much as the work that is measured.
 */
export function warmMemory(folder: string, bytes: number): void {
  const path = join(folder, 'warm');
  const file = openSync(path, 'w');
  BLOCK.fill(1);
  for (let at = 0; at < bytes; at += MIB) writeSync(file, BLOCK);
  // Nothing of it may still be on its way to the disk.
  ftruncateSync(file, 0);
  closeSync(file);
  rmSync(path);
}

function writeRandom(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= MIB) writeSync(file, randomFillSync(BLOCK), 0, Math.min(left, MIB));
  closeSync(file);
}

function writeTree(path: string, files: number, sizeOf: (random: SeededRandom) => number): void {
  const random = seededRandom(1);
  for (let index = 0; index < files; index += 1) {
    const folder = join(path, `folder-${Math.floor(index / FILES_OF_A_FOLDER)}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file-${index}`), randomFillSync(Buffer.alloc(sizeOf(random))));
  }
}

/** Words that nobody knows, short ones more often: compressors make half of it, and no part comes twice. */
function writeText(path: string, bytes: number): void {
  const random = seededRandom(2);
  const words = Array.from({ length: 4096 }, () => wordOf(random));
  // The third power: a few words make up most of a text.
  const phrase = () => Array.from({ length: 4 }, () => words[Math.floor(4096 * random.fraction() ** 3)]).join(' ');
  const phrases = Array.from({ length: 65_536 }, () => Buffer.from(`${phrase()}\n`));
  const file = openSync(path, 'w');
  let used = 0;
  for (let left = bytes; left > 0; ) {
    const next = phrases[random.integer(phrases.length)] ?? BLOCK;
    if (used + next.length <= MIB) {
      used += next.copy(BLOCK, used);
      continue;
    }
    left -= writeSync(file, BLOCK, 0, Math.min(left, used));
    used = 0;
  }
  closeSync(file);
}

function wordOf(random: SeededRandom): string {
  const letters = Array.from({ length: 2 + random.integer(9) }, () => String.fromCharCode(97 + random.integer(26)));
  return letters.join('');
}
