import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sealed } from './sealed.ts';

const FOLDERS = 40;
const LARGE_EVERY = 400;
const LARGE_BYTES = 3 * 1024 * 1024;
// Names for more files than are there at one time: one in twenty is missing in each version, and others in the next.
const MISSING_EVERY = 20;
const FIRST_TIME = Date.UTC(2025, 0, 1) / 1000;

/** A tree in which every file is another one from version to version, and tells which one it is. */
export class VersionedTree {
  readonly root: string;
  readonly #files: number;
  #version = 0;

  /** @param files about so many; a few of them are large */
  constructor(root: string, files: number) {
    this.root = root;
    this.#files = files;
  }

  /** 0 before the first was written. */
  get version(): number {
    return this.#version;
  }

  /** Write the next version over the one before. */
  writeNext(): void {
    this.#version += 1;
    for (let number = 1; number <= this.#files; number += 1) this.#write(number);
  }

  #write(number: number): void {
    const path = `folder ${number % FOLDERS}/${number % 3 === 0 ? 'deep/' : ''}file ${number}.dat`;
    const file = join(this.root, path);
    if ((number + this.#version) % MISSING_EVERY === 0) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    const size = number % LARGE_EVERY === 0 ? LARGE_BYTES : 200 + ((number * 7919) % 1500);
    writeFileSync(file, sealed(path, this.#version, size));
    const seconds = FIRST_TIME + this.#version * 3600 + number;
    utimesSync(file, seconds, seconds);
  }
}
