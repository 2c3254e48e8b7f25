import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { changeTree } from './change-tree.ts';
import { compareTrees } from './compare-trees.ts';
import { type Entry, entriesBelow } from './disk.ts';
import { generateTree, type TreeOptions } from './generate-tree.ts';
import { badNames, isPortable, namesFor } from './names.ts';

// Small enough to be made many times.
const SMALL: TreeOptions = { seed: 1, files: 150, largest: 100_000, medium: 20_000 };

function nameOf({ path }: Entry): string {
  return Buffer.from(path.slice(path.lastIndexOf('/') + 1), 'latin1').toString();
}

describe('a tree for specs', () => {
  const folder = temporaryFolder();

  function at(name: string): string {
    const path = join(folder(), name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  describe('generateTree', () => {
    it('makes the same tree for the same seed', () => {
      generateTree(at('a'), SMALL);
      generateTree(at('b'), SMALL);
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([]);
    });

    it('makes another tree for another seed', () => {
      generateTree(at('a'), SMALL);
      generateTree(at('b'), { ...SMALL, seed: 2 });
      expect(compareTrees(at('a'), at('b'), { times: false }).length).toBeGreaterThan(100);
    });

    it('makes as many files, folders and bytes as it says', () => {
      const made = generateTree(at('a'), SMALL);
      const entries = entriesBelow(at('a'));
      const files = entries.filter(({ kind }) => kind === 'file');
      const bytes = files.reduce((sum, { stats }) => sum + stats.size, 0);
      expect(made).toEqual({ files: files.length, folders: entries.length - files.length, bytes });
      expect(made.files).toBe(150);
    });

    it('makes files of all sizes, from nothing to the largest', () => {
      generateTree(at('a'), SMALL);
      const sizes = entriesBelow(at('a')).flatMap(({ kind, stats }) => (kind === 'file' ? [stats.size] : []));
      expect(Math.max(...sizes)).toBe(100_000);
      expect(sizes.filter((size) => size === 0).length).toBe(5);
      expect(sizes.filter((size) => size > 4096 && size <= 20_000).length).toBeGreaterThan(3);
    });

    it('gives every file another time, in whole seconds of the past', () => {
      generateTree(at('a'), SMALL);
      const times = entriesBelow(at('a')).flatMap(({ kind, stats }) => (kind === 'file' ? [stats.mtimeMs] : []));
      expect(new Set(times).size).toBe(150);
      expect(times.every((time) => time % 1000 === 0 && time < Date.UTC(2020, 0, 1))).toBeTrue();
    });

    it('nests folders as deep as it is told, and leaves some empty', () => {
      generateTree(at('a'), { ...SMALL, depth: 5 });
      const folders = entriesBelow(at('a')).filter(({ kind }) => kind === 'folder');
      expect(Math.max(...folders.map(({ path }) => path.split('/').length))).toBe(5);
      expect(
        folders.some(({ path }) => readdirSync(Buffer.from(`${at('a')}/${path}`, 'latin1')).length === 0),
      ).toBeTrue();
    });

    for (const portable of [false, true]) {
      it(`gives all ${portable ? 'portable' : 'odd'} names to files`, () => {
        generateTree(at('a'), { ...SMALL, portable });
        const names = new Set(
          entriesBelow(at('a'))
            .filter(({ kind }) => kind === 'file')
            .map(nameOf),
        );
        expect(namesFor(portable).filter((name) => !names.has(name))).toEqual([]);
      });
    }

    it('makes only portable names when it is told so', () => {
      generateTree(at('a'), { ...SMALL, portable: true });
      expect(
        entriesBelow(at('a'))
          .map(nameOf)
          .filter((name) => !isPortable(name)),
      ).toEqual([]);
    });
  });

  describe('changeTree', () => {
    it('makes every kind of change, and says so', () => {
      generateTree(at('a'), SMALL);
      const kinds = changeTree(at('a'), { seed: 1 }).map((line) => line.slice(0, line.indexOf(':')));
      expect(kinds.length).toBe(32);
      expect(new Set(kinds).size).toBe(16);
    });

    it('makes the same changes for the same seed', () => {
      for (const name of ['a', 'b']) {
        generateTree(at(name), SMALL);
        for (const seed of [1, 2, 3]) changeTree(at(name), { seed });
      }
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([]);
    });

    it('gives what it changes a time that no file had before', () => {
      generateTree(at('a'), SMALL);
      for (const seed of [1, 1, 1]) changeTree(at('a'), { seed });
      const times = entriesBelow(at('a')).flatMap(({ kind, stats }) => (kind === 'file' ? [stats.mtimeMs] : []));
      expect(new Set(times).size).toBe(times.length);
      expect(times.every((time) => time % 1000 === 0 && time < Date.now())).toBeTrue();
    });

    it('leaves out what there is no place for', () => {
      expect(changeTree(at('a'), { seed: 1, rounds: 1 })).toEqual([
        jasmine.stringMatching(/^empty folder added: "new \d+\.txt"$/),
        jasmine.stringMatching(/^file added: "(new \d+\.txt\/)?new \d+\.txt"$/),
      ]);
    });
  });

  describe('compareTrees', () => {
    function put(name: string, content: string, time = 1_000_000_000): void {
      writeFileSync(join(folder(), name), content);
      utimesSync(join(folder(), name), time, time);
    }

    it('says which names are on one side only, by their bytes', () => {
      mkdirSync(join(at('a'), 'ü'.normalize('NFC')));
      mkdirSync(join(at('b'), 'ü'.normalize('NFD')));
      expect(compareTrees(at('a'), at('b'), { times: false })).toEqual([
        `"ü": only in ${at('b')}`.normalize('NFD'),
        `"ü": only in ${at('a')}`.normalize('NFC'),
      ]);
    });

    it('tells names that are not valid UTF-8 apart', () => {
      for (const name of badNames) writeFileSync(Buffer.concat([Buffer.from(`${at('a')}/`), name]), '');
      expect(compareTrees(at('a'), at('b'), { times: false }).length).toBe(badNames.length);
      expect(compareTrees(at('a'), at('a'), { times: false })).toEqual([]);
    });

    it('finds other content of the same size, and another size', () => {
      at('a');
      at('b');
      put('a/same', '12');
      put('b/same', '21');
      put('a/size', '1');
      put('b/size', '11');
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([
        '"same": same size, other content',
        `"size": 1 bytes in ${at('a')}, 2 in ${at('b')}`,
      ]);
    });

    it('finds other kinds', () => {
      symlinkSync('target', join(at('a'), 'link'));
      mkdirSync(join(at('b'), 'link'));
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([
        `"link": other in ${at('a')}, folder in ${at('b')}`,
      ]);
    });

    it('compares the times of files in whole seconds, when it is told so', () => {
      at('a');
      at('b');
      put('a/x', '', 1_000_000_000.9);
      put('b/x', '', 1_000_000_000.1);
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([]);
      put('b/x', '', 1_000_000_001);
      expect(compareTrees(at('a'), at('b'), { times: false })).toEqual([]);
      expect(compareTrees(at('a'), at('b'), { times: true })).toEqual([
        `"x": of 2001-09-09T01:46:40.000Z in ${at('a')}, 2001-09-09T01:46:41.000Z in ${at('b')}`,
      ]);
    });

    it('never takes a missing folder for an empty one', () => {
      const missing = join(folder(), 'b');
      expect(() => compareTrees(at('a'), missing, { times: false })).toThrowError(/ENOENT/);
    });
  });
});
