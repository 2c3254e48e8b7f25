import { type Change, difference } from '../../lib/files/difference.ts';
import { Directory } from '../../lib/files/directory.ts';
import { type Tree, treeOf } from './file-tree.ts';

/** A change in one line; `!` marks a removal that makes room. */
const line = (change: Change): string => {
  const mark = 'retyped' in change && change.retyped ? '!' : '';
  return `${mark}${change.kind} ${change.path}`;
};

const linesBetween = (before: Tree, now: Tree): readonly string[] => difference(treeOf(before), treeOf(now)).map(line);

interface Row {
  readonly title: string;
  readonly before: Tree;
  readonly now: Tree;
  readonly changes: readonly string[];
}

const composed = 'é'.normalize('NFC');
const decomposed = 'é'.normalize('NFD');

const table: readonly Row[] = [
  { title: 'nothing for two empty folders', before: {}, now: {}, changes: [] },
  { title: 'nothing for equal ones', before: { a: '1', 'b/c': 'x' }, now: { a: '1', 'b/c': 'x' }, changes: [] },
  { title: 'an added file', before: {}, now: { a: '' }, changes: ['file-added a'] },
  { title: 'an added folder', before: {}, now: { 'a/': '' }, changes: ['folder-added a'] },
  {
    title: 'added folders before what is in them',
    before: {},
    now: { 'a/b/c': '' },
    changes: ['folder-added a', 'folder-added a/b', 'file-added a/b/c'],
  },
  { title: 'a file of another size', before: { a: '' }, now: { a: 'x' }, changes: ['file-changed a'] },
  { title: 'a file of another time', before: { a: '1' }, now: { a: '2' }, changes: ['file-changed a'] },
  { title: 'a removed file', before: { a: '' }, now: {}, changes: ['file-removed a'] },
  {
    title: 'removed folders after what was in them',
    before: { 'a/b/c': '' },
    now: {},
    changes: ['file-removed a/b/c', 'folder-removed a/b', 'folder-removed a'],
  },
  {
    title: 'additions before removals that need no room',
    before: { 'a/x': '', b: '' },
    now: { 'a/y': '', c: '' },
    changes: ['file-added c', 'file-added a/y', 'file-removed a/x', 'file-removed b'],
  },
  {
    title: 'a file that became a folder',
    before: { a: '' },
    now: { 'a/b': '' },
    changes: ['!file-removed a', 'folder-added a', 'file-added a/b'],
  },
  {
    title: 'a folder that became a file, with all that was in it',
    before: { 'a/b/c': '', 'a/d': '' },
    now: { a: '' },
    changes: ['!file-removed a/b/c', '!folder-removed a/b', '!file-removed a/d', '!folder-removed a', 'file-added a'],
  },
  {
    title: 'a file renamed in case',
    before: { ReadMe: '' },
    now: { README: '' },
    changes: ['!file-removed ReadMe', 'file-added README'],
  },
  {
    title: 'a folder renamed in case',
    before: { 'A/b': '' },
    now: { 'a/b': '' },
    changes: ['!file-removed A/b', '!folder-removed A', 'folder-added a', 'file-added a/b'],
  },
  {
    title: 'a file renamed in Unicode normalisation',
    before: { [composed]: '' },
    now: { [decomposed]: '' },
    changes: [`!file-removed ${composed}`, `file-added ${decomposed}`],
  },
  {
    title: 'a file renamed in case and type at once',
    before: { A: '' },
    now: { 'a/': '' },
    changes: ['!file-removed A', 'folder-added a'],
  },
  {
    title: 'a name with a final sigma, whose two small forms have one large',
    before: { οδος: '' },
    now: { οδοσ: '' },
    changes: ['!file-removed οδος', 'file-added οδοσ'],
  },
  {
    title: 'a name whose accents are given in another order',
    before: { '\u1FB4': '' },
    now: { '\u03B1\u0345\u0301': '' },
    changes: ['!file-removed \u1FB4', 'file-added \u03B1\u0345\u0301'],
  },
  {
    title: 'no need for room where a folder with the like name stays',
    before: { a: '', 'A/': '' },
    now: { 'A/': '' },
    changes: ['file-removed a'],
  },
  {
    title: 'no need for room where the like name stays',
    before: { a: '', A: '' },
    now: { a: '' },
    changes: ['file-removed A'],
  },
  {
    title: 'no need for room in another folder',
    before: { 'x/a': '' },
    now: { 'x/': '', 'y/a': '' },
    changes: ['folder-added y', 'file-added y/a', 'file-removed x/a'],
  },
];

describe('difference', () => {
  for (const { title, before, now, changes } of table) {
    it(`tells ${title}`, () => {
      expect(linesBetween(before, now)).toEqual(changes);
    });
  }

  it('hands over the file as it is now, and the removed one as it was', () => {
    const now = treeOf({ added: '', changed: '2' });
    const before = treeOf({ changed: '1', removed: '' });
    expect(difference(before, now)).toEqual([
      { kind: 'file-added', path: 'added', file: jasmine.objectContaining({ name: 'added' }) },
      { kind: 'file-changed', path: 'changed', file: jasmine.objectContaining({ mtimeMs: 2 }) },
      { kind: 'file-removed', path: 'removed', file: jasmine.objectContaining({ name: 'removed' }), retyped: false },
    ]);
  });

  it('leaves both states as they are', () => {
    const [before, now] = [treeOf({ a: '', 'b/c': '' }), treeOf({ 'a/d': '' })];
    difference(before, now);
    expect([before, now]).toEqual([treeOf({ a: '', 'b/c': '' }), treeOf({ 'a/d': '' })]);
  });

  it('needs no call stack for 10,000 levels', () => {
    const deep = new Directory('');
    deep.makeDirectoryAt(Array.from({ length: 10_000 }, () => 'd').join('/'));
    const empty = new Directory('');
    expect(difference(empty, deep).length).toBe(10_000);
    const removals = difference(deep, empty);
    expect(removals.length).toBe(10_000);
    expect(removals.at(-1)?.path).toBe('d');
    expect(difference(deep, deep)).toEqual([]);
  });
});
