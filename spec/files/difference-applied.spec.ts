import { type Change, difference } from '../../lib/files/difference.ts';
import { Directory, join, nameOf, parentOf } from '../../lib/files/directory.ts';
import { File } from '../../lib/files/file.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { linesOf } from './file-tree.ts';

// Few names, so that the two states meet often; some are equal for a far side that does not care for case or form.
const NAMES = ['a', 'A', 'b', 'B', 'é'.normalize('NFC'), 'é'.normalize('NFD'), 'É', 'c'];

/** What the far side holds for the same name. */
type Same = (name: string) => string;
const exact: Same = (name) => name;
const careless: Same = (name) => name.normalize('NFC').toLowerCase();

function randomTree(random: SeededRandom, same: Same): Directory {
  const root = new Directory('');
  fill(root, 0, random, same);
  return root;
}

function fill(directory: Directory, depth: number, random: SeededRandom, same: Same): void {
  const used = new Set<string>();
  for (const name of NAMES) {
    if (random.chance(0.5) || used.has(same(name))) continue;
    used.add(same(name));
    if (depth < 3 && random.chance(0.5)) {
      const inner = new Directory(name);
      directory.setDirectory(inner);
      fill(inner, depth + 1, random, same);
    } else directory.setFile(new File(name, random.integer(2), random.integer(2)));
  }
}

/** Do as a file system would, and refuse what it would refuse. */
function apply(root: Directory, change: Change, same: Same): void {
  const parent = root.directoryAt(parentOf(change.path));
  if (!parent) throw new Error(`${change.kind} ${change.path}: no parent`);
  const name = nameOf(change.path);
  const alike = [...parent.files(), ...parent.directories()].map((entry) => entry.name);
  const isTaken = alike.some((other) => same(other) === same(name));
  if (change.kind.endsWith('-added') && isTaken) throw new Error(`${change.kind} ${change.path}: name taken`);
  if (change.kind === 'file-added') parent.setFile(change.file);
  else if (change.kind === 'folder-added') parent.setDirectory(new Directory(name));
  else if (change.kind === 'file-changed') overwrite(parent, change.file, change.path);
  else if (change.kind === 'file-removed') removeFile(parent, name, change.path);
  else removeDirectory(parent, name, change.path);
}

function overwrite(parent: Directory, file: File, path: string): void {
  if (!parent.file(file.name)) throw new Error(`file-changed ${path}: no such file`);
  parent.setFile(file);
}

function removeFile(parent: Directory, name: string, path: string): void {
  if (!parent.file(name)) throw new Error(`file-removed ${path}: no such file`);
  parent.deleteFile(name);
}

function removeDirectory(parent: Directory, name: string, path: string): void {
  const directory = parent.directory(name);
  if (!directory) throw new Error(`folder-removed ${path}: no such folder`);
  if (!directory.isEmpty) throw new Error(`folder-removed ${path}: not empty`);
  parent.deleteDirectory(name);
}

function copy(from: Directory, to = new Directory('')): Directory {
  for (const file of from.files()) to.setFile(file);
  for (const inner of from.directories()) to.setDirectory(copy(inner, new Directory(inner.name)));
  return to;
}

/** Each removal that makes room comes before the first addition, all others after the last. */
function isInThreeParts(changes: readonly Change[]): boolean {
  const parts = changes.map((change) => ('retyped' in change ? (change.retyped ? 0 : 2) : 1));
  return parts.every((part, index) => part >= (parts[index - 1] ?? 0));
}

describe('The changes of difference, applied one by one', () => {
  for (const [title, same] of Object.entries({ 'is exact': exact, 'does not care for case and form': careless })) {
    it(`are legal at each step and lead to the state now, on a far side that ${title}`, () => {
      for (let seed = 1; seed <= 300; seed += 1) {
        const random = seededRandom(seed);
        const before = randomTree(random, same);
        const now = randomTree(random, same);
        const changes = difference(before, now);
        const far = copy(before);
        for (const change of changes) apply(far, change, same);
        expect(linesOf(far)).withContext(`seed ${seed}`).toEqual(linesOf(now));
        expect(isInThreeParts(changes)).withContext(`seed ${seed}`).toBeTrue();
        expect(new Set(changes.map(({ kind, path }) => join(kind, path))).size)
          .withContext(`seed ${seed}`)
          .toBe(changes.length);
      }
    });
  }
});
