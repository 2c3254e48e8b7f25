import { Directory, join, nameOf, parentOf, walk } from '../../lib/files/directory.ts';
import { File } from '../../lib/files/file.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A folder with what the lines say: `a/b/` is a folder, `a/f` a file of 1 byte, `a/f 5` one of 5 bytes. */
export function treeOf(...lines: readonly string[]): Directory {
  const root = new Directory('');
  for (const line of lines) {
    const [path = '', size = '1'] = line.split(' ');
    if (path.endsWith('/')) root.makeDirectoryAt(path.slice(0, -1));
    else root.makeDirectoryAt(parentOf(path)).setFile(new File(nameOf(path), Number(size), 0));
  }
  return root;
}

/** The reverse of {@link treeOf}, in alphabetical order. */
export function linesOf(root: Directory): readonly string[] {
  const lines: string[] = [];
  for (const { path, directory } of walk(root)) {
    if (path !== '') lines.push(`${path}/`);
    for (const { name, size } of directory.files()) lines.push(`${join(path, name)} ${size}`);
  }
  return lines.sort();
}

/**
 * Lines for {@link treeOf} of a random tree with few names, so that two trees have much in common.
 *
 * @param ignoresCase may no two names of a folder differ in case only?
 */
export function randomLines(random: SeededRandom, { ignoresCase = false } = {}): readonly string[] {
  const lines = new Map<string, string>();
  const fill = (folder: string, depth: number) => {
    for (let count = random.integer(5); count > 0; count -= 1) {
      const path = join(folder, random.pick(['a', 'A', 'b', 'c', 'é'.normalize('NFC'), 'é'.normalize('NFD'), 'd']));
      const key = ignoresCase ? path.normalize('NFC').toLowerCase() : path;
      if (lines.has(key)) continue;
      const isFolder = depth < 3 && random.chance(0.4);
      lines.set(key, isFolder ? `${path}/` : `${path} ${random.integer(3)}`);
      if (isFolder) fill(path, depth + 1);
    }
  };
  fill('', 0);
  return [...lines.values()];
}
