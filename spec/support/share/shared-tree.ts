import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const AT_ONCE_BYTES = 2 ** 20;

/** All that lies below a folder: by its path `folder`, or the size, the SHA-256 and the execution bit of a file. */
export type SharedTree = ReadonlyMap<string, string>;

/** Reads trees; files that were not changed since are not read twice. Links are followed: who shares one shares what it points to. */
export class TreeReader {
  readonly #hashes = new Map<string, { readonly stamp: string; readonly hash: string }>();

  /** @throws an error of the system when something is changed meanwhile */
  async read(folder: string): Promise<SharedTree> {
    const tree = new Map<string, string>();
    await this.#readInto(tree, folder, '');
    return tree;
  }

  async #readInto(tree: Map<string, string>, folder: string, path: string): Promise<void> {
    for (const name of (await readdir(join(folder, path))).sort()) {
      const below = path === '' ? name : `${path}/${name}`;
      const facts = await stat(join(folder, below), { bigint: true });
      if (facts.isDirectory()) {
        tree.set(below, 'folder');
        await this.#readInto(tree, folder, below);
      } else {
        const { size, ino, mtimeNs, ctimeNs } = facts;
        const hash = await this.#hashOf(join(folder, below), Number(size), `${ino} ${size} ${mtimeNs} ${ctimeNs}`);
        tree.set(below, `${size} ${hash}${(facts.mode & 0o100n) === 0n ? '' : ' x'}`);
      }
    }
  }

  async #hashOf(path: string, size: number, stamp: string): Promise<string> {
    const known = this.#hashes.get(path);
    if (known?.stamp === stamp) return known.hash;
    const sha256 = createHash('sha256');
    // There may be thousands of small ones, and a stream for each takes most of the time.
    if (size <= AT_ONCE_BYTES) sha256.update(readFileSync(path));
    else await pipeline(createReadStream(path, { highWaterMark: AT_ONCE_BYTES }), sha256);
    const hash = sha256.digest('hex');
    this.#hashes.set(path, { stamp, hash });
    return hash;
  }
}

/** What two trees differ in, a line for each path, the first few. */
export function differences(one: SharedTree, other: SharedTree): readonly string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  return paths
    .filter((path) => one.get(path) !== other.get(path))
    .slice(0, 10)
    .map((path) => `${JSON.stringify(path)}: ${one.get(path) ?? 'nothing'} / ${other.get(path) ?? 'nothing'}`);
}
