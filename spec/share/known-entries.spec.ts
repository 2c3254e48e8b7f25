import { FolderIndex } from '../../lib/share/folder-index.ts';
import { knownEntries } from '../../lib/share/known-entries.ts';
import { type Content, exists } from '../../lib/share/model/entry.ts';
import type { SavedEntry } from '../../lib/share/replica/events.ts';
import { seededRandom } from '../support/seeded-random.ts';

const FILE = { type: 'file', id: 'a'.repeat(64), size: 1, mtimeMs: 1, isExecutable: false } as const;

describe('Known entries', () => {
  let held: Map<string, SavedEntry>;
  let folders: FolderIndex;

  function hold(path: string, content: Content): void {
    held.set(path, { entry: { path, content, version: [] }, number: 1, stamp: `stamp of ${path}` });
    folders.replace(path, content);
  }

  const known = () => knownEntries({ held: (path) => held.get(path), allHeld: () => held.values() }, folders);
  const below = (path: string) => [...known().below(path)].sort();

  beforeEach(() => {
    held = new Map();
    folders = new FolderIndex();
  });

  it('are what lies at a path, and nothing where it was deleted', () => {
    hold('a', FILE);
    expect(known().at('a')).toEqual({ type: 'file', stamp: 'stamp of a' });
    hold('a', { type: 'deleted' });
    expect([known().at('a'), known().at('b')]).toEqual([undefined, undefined]);
  });

  it('are all that lies below a folder, and not what only begins as it does', () => {
    for (const folder of ['a', 'a/b', 'a/b/c', 'ab']) hold(folder, { type: 'directory' });
    for (const file of ['a/b/c/d', 'a/e', 'ab/f', 'g']) hold(file, FILE);
    expect(below('a')).toEqual(['a/b', 'a/b/c', 'a/b/c/d', 'a/e']);
    expect(below('a/b/c')).toEqual(['a/b/c/d']);
    expect(below('g')).toEqual([]);
    expect(below('').length).toBe(8);
  });

  it('are the same as those that are found by looking through all, whatever comes and goes', () => {
    const random = seededRandom(6);
    const folderNames = ['', 'a', 'a/b', 'b', 'b/a', 'b/a/c'];
    for (const folder of folderNames.slice(1)) hold(folder, { type: 'directory' });
    for (let change = 0; change < 500; change += 1) {
      const folder = random.pick(folderNames);
      const path = `${folder === '' ? '' : `${folder}/`}file ${random.integer(5)}`;
      hold(path, random.chance(0.5) ? FILE : { type: 'deleted' });
      const all = [...held.values()].filter(({ entry }) => exists(entry.content)).map(({ entry }) => entry.path);
      const expected = all.filter((other) => folder === '' || other.startsWith(`${folder}/`));
      expect(below(folder)).toEqual(expected.sort());
    }
  });
});
