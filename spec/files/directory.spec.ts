import { countEntries, Directory, join, nameOf, parentOf, walk } from '../../lib/files/directory.ts';
import { File } from '../../lib/files/file.ts';

describe('Directory', () => {
  it('is empty at first', () => {
    const directory = new Directory('d');
    expect(directory.name).toBe('d');
    expect(directory.isEmpty).toBeTrue();
    expect([...directory.files(), ...directory.directories()]).toEqual([]);
    expect(directory.file('a')).toBeUndefined();
    expect(directory.directory('a')).toBeUndefined();
  });

  it('gives back the files and folders put in', () => {
    const directory = new Directory('');
    const file = new File('a', 1, 2);
    const inner = new Directory('b');
    directory.setFile(file);
    directory.setDirectory(inner);
    expect(directory.file('a')).toEqual(file);
    expect(directory.directory('b')).toBe(inner);
    expect([...directory.files()]).toEqual([file]);
    expect(directory.fileCount).toBe(1);
    expect([...directory.directories()]).toEqual([inner]);
    expect(directory.isEmpty).toBeFalse();
  });

  it('puts a file in place of one of the same name', () => {
    const directory = new Directory('');
    directory.setFile(new File('a', 1, 1));
    directory.setFile(new File('a', 2, 2));
    expect([...directory.files()]).toEqual([new File('a', 2, 2)]);
  });

  it('is empty again when all has been deleted', () => {
    const directory = new Directory('');
    directory.setFile(new File('a', 1, 1));
    directory.setDirectory(new Directory('b'));
    directory.deleteFile('a');
    expect(directory.isEmpty).toBeFalse();
    directory.deleteDirectory('b');
    expect(directory.isEmpty).toBeTrue();
  });

  it('bears the deletion of what is not there', () => {
    const directory = new Directory('');
    directory.deleteFile('a');
    directory.deleteDirectory('a');
    expect(directory.isEmpty).toBeTrue();
  });

  it('tells names that differ only in Unicode normalisation apart', () => {
    const directory = new Directory('');
    directory.setFile(new File('é'.normalize('NFC'), 1, 1));
    directory.setFile(new File('é'.normalize('NFD'), 2, 2));
    expect([...directory.files()].length).toBe(2);
  });

  it('holds names that are words of JavaScript', () => {
    const directory = new Directory('');
    expect(directory.file('__proto__')).toBeUndefined();
    directory.setFile(new File('__proto__', 1, 1));
    expect(directory.file('__proto__')?.size).toBe(1);
    expect(directory.file('constructor')).toBeUndefined();
  });

  it('makes a folder at a path with its parents', () => {
    const root = new Directory('');
    const made = root.makeDirectoryAt('a/b/c');
    expect(root.directory('a')?.directory('b')?.directory('c')).toBe(made);
  });

  it('keeps what is there when a folder is made again', () => {
    const root = new Directory('');
    const made = root.makeDirectoryAt('a/b');
    made.setFile(new File('f', 1, 1));
    expect(root.makeDirectoryAt('a/b')).toBe(made);
    expect(root.makeDirectoryAt('')).toBe(root);
  });

  it('finds a folder by its path', () => {
    const root = new Directory('');
    const made = root.makeDirectoryAt('a/b');
    expect(root.directoryAt('a/b')).toBe(made);
    expect(root.directoryAt('')).toBe(root);
    expect(root.directoryAt('a/x/y')).toBeUndefined();
  });

  it('may be nested 10,000 levels deep', () => {
    const path = Array.from({ length: 10_000 }, (_, level) => `d${level}`).join('/');
    const root = new Directory('');
    root.makeDirectoryAt(path).setFile(new File('f', 1, 1));
    expect(root.directoryAt(path)?.file('f')?.size).toBe(1);
    expect(countEntries(root)).toBe(10_001);
    let last = '';
    for (const visit of walk(root)) last = visit.path;
    expect(last).toBe(path);
  });
});

describe('walk', () => {
  it('comes to every folder, to a parent before what is in it, and to the root first', () => {
    const root = new Directory('');
    for (const path of ['a/b', 'a/c', 'd']) root.makeDirectoryAt(path);
    const paths = [...walk(root)].map(({ path }) => path);
    expect(paths[0]).toBe('');
    expect([...paths].sort()).toEqual(['', 'a', 'a/b', 'a/c', 'd']);
    expect(paths.indexOf('a')).toBeLessThan(Math.min(paths.indexOf('a/b'), paths.indexOf('a/c')));
  });
});

describe('countEntries', () => {
  it('is 0 for an empty root', () => {
    expect(countEntries(new Directory(''))).toBe(0);
  });

  it('counts files and folders below the root', () => {
    const root = new Directory('');
    root.makeDirectoryAt('a/b').setFile(new File('f', 1, 1));
    root.setFile(new File('g', 1, 1));
    expect(countEntries(root)).toBe(4);
  });
});

describe('paths', () => {
  const table = [
    { path: 'a', parent: '', name: 'a' },
    { path: 'a/b', parent: 'a', name: 'b' },
    { path: 'a/b/c d', parent: 'a/b', name: 'c d' },
    { path: 'ab/ab', parent: 'ab', name: 'ab' },
  ];
  for (const { path, parent, name } of table) {
    it(`take '${path}' apart and join it again`, () => {
      expect(parentOf(path)).toBe(parent);
      expect(nameOf(path)).toBe(name);
      expect(join(parent, name)).toBe(path);
    });
  }

  it('have the root as its own parent', () => {
    expect(parentOf('')).toBe('');
    expect(nameOf('')).toBe('');
  });
});
