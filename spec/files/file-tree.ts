import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Directory, nameOf, parentOf, walk } from '../../lib/files/directory.ts';
import { File } from '../../lib/files/file.ts';

/** Paths with the content of the file there; a path that ends with `/` is a folder. */
export type Tree = Readonly<Record<string, string>>;

/** Write a tree below a folder on disk. Every file has the time 1,000,000,000 s after 1970. */
export function writeTree(root: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    const where = join(root, path);
    mkdirSync(path.endsWith('/') ? where : dirname(where), { recursive: true });
    if (path.endsWith('/')) continue;
    writeFileSync(where, content);
    utimesSync(where, 1e9, 1e9);
  }
}

/** The same tree in memory; the time of a file is 1000 unless its content is a number: then that. */
export function treeOf(tree: Tree): Directory {
  const root = new Directory('');
  for (const [path, content] of Object.entries(tree)) {
    if (path.endsWith('/')) root.makeDirectoryAt(path.slice(0, -1));
    else {
      const file = new File(nameOf(path), content.length, Number(content) || 1000);
      root.makeDirectoryAt(parentOf(path)).setFile(file);
    }
  }
  return root;
}

/** All that is in a tree as sorted lines: `path/` for a folder, `path size time` for a file. */
export function linesOf(root: Directory): readonly string[] {
  const lines: string[] = [];
  for (const { path, directory } of walk(root)) {
    if (path !== '') lines.push(`${path}/`);
    for (const { name, size, mtimeMs } of directory.files()) lines.push(`${join(path, name)} ${size} ${mtimeMs}`);
  }
  return lines.sort();
}
