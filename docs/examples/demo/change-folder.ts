import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn } from './near-folder.ts';

/**
 * Change a folder in every way a user does: edit, add, rename, remove, and put a file where a folder was and the other
 * way round.
 *
 * @param near made by fillNearFolder
 * @returns what was done, in words
 */
export function changeFolder(near: string): string {
  const at = (path: string) => join(near, path);
  renameSync(at('lib/ftp'), at('lib/ftp-renamed'));
  rmSync(at('lib/pool'), { recursive: true });
  rmSync(at('lib/accounts'), { recursive: true });
  writeFileSync(at('lib/accounts'), 'a file where a folder was');

  const [toFolder, sameSize, ...rest] = filesIn(near);
  if (toFolder !== undefined) putFolderInPlaceOf(toFolder);
  if (sameSize !== undefined) writeFileSync(sameSize, readFileSync(sameSize).reverse());
  const edited = everyTenth(rest, 0);
  for (const file of edited) appendFileSync(file, 'one line more\n');
  const renamed = everyTenth(rest, 3);
  for (const file of renamed) renameSync(file, `${file}.renamed`);
  const removed = everyTenth(rest, 6);
  for (const file of removed) rmSync(file);

  mkdirSync(at('added/empty'), { recursive: true });
  for (let count = 1; count <= 10; count += 1) writeFileSync(at(`added/${count}.txt`), `new file ${count}\n`);
  return [
    `${edited.length + 1} files edited (one keeps its size)`,
    '10 files and 2 folders added',
    `${renamed.length} files and 1 folder renamed`,
    `${removed.length} files and 1 folder removed`,
    '1 file became a folder, 1 folder a file',
  ].join(', ');
}

function putFolderInPlaceOf(file: string): void {
  rmSync(file);
  mkdirSync(file);
  writeFileSync(join(file, 'inside.txt'), 'a folder where a file was');
}

function everyTenth(files: readonly string[], first: number): readonly string[] {
  return files.filter((_, index) => index % 10 === first);
}
