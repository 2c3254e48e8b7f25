import { type EntryKind, makeFilter } from '../../lib/files/filter.ts';
import { combinePatterns, parsePatterns } from '../../lib/files/pattern.ts';

/** Patterns of an ignore file, and what they leave out or in; a path that ends with `/` is a folder. */
interface Row {
  readonly text: string;
  readonly out?: readonly string[];
  readonly in?: readonly string[];
}

const table: readonly Row[] = [
  { text: 'a.txt', out: ['a.txt', 'a.txt/', 'x/y/a.txt'], in: ['a.txtx', 'xa.txt', 'A.txt', 'aXtxt'] },
  { text: 'a.txt/', out: ['a.txt/', 'x/a.txt/', 'a.txt/b'], in: ['a.txt'] },
  { text: '/a', out: ['a', 'a/', 'a/b/c'], in: ['b/a'] },
  { text: 'a/b', out: ['a/b', 'a/b/c'], in: ['x/a/b', 'a', 'b'] },
  { text: 'a/b/', out: ['a/b/', 'a/b/c'], in: ['a/b', 'x/a/b/'] },
  { text: '*', out: ['a', '.a', 'a/', 'a/b', '..a', '\n'] },
  { text: '*.log', out: ['a.log', '.log', 'x/.a.log', 'a\nb.log'], in: ['a.logs', 'log'] },
  { text: 'a.*', out: ['a.', 'a.b', 'a..'], in: ['a'] },
  { text: '.*', out: ['.a', '..a', 'x/.a/'], in: ['a.b'] },
  { text: 'x/*', out: ['x/a', 'x/.a', 'x/a/b'], in: ['x', 'y/x/a'] },
  { text: '/*/b', out: ['a/b', 'a/b/c'], in: ['b', 'a/c/b'] },
  { text: 'a*c', out: ['ac', 'abc', 'abbc'], in: ['a/c', 'abcd'] },
  { text: 'a**c', out: ['ac', 'abc'], in: ['a/c'] },
  { text: 'x/a**c', out: ['x/abc'], in: ['x/a/c'] },
  { text: '**', out: ['a', 'a/b', '.a'] },
  { text: '**/b', out: ['\n/b', 'b', 'a/b', 'a/a/b', 'b/c'], in: ['ab', 'a/ab'] },
  { text: '***/b', out: ['b', 'a/b', 'a/a/b'], in: ['ab'] },
  { text: 'a/**', out: ['a/b', 'a/b/c', 'a/.b'], in: ['a', 'a/', 'x/a/b'] },
  { text: 'a/**/b', out: ['a/b', 'a/x/b', 'a/x/y/b'], in: ['ab', 'a/xb', 'b'] },
  { text: 'a/**/', out: ['a/b/', 'a/b/c'], in: ['a/', 'a/b'] },
  { text: '?', out: ['a', 'é', '😀', '.', ' '], in: ['ab', 'e\u0301'] },
  { text: 'a?b/c', out: ['axb/c'], in: ['a/b/c', 'ab/c'] },
  { text: '[ab].c', out: ['a.c', 'b.c'], in: ['c.c', '[ab].c', 'ab.c'] },
  { text: '[!ab]', out: ['c', '!', ']'], in: ['a', 'b', 'cc'] },
  { text: '[^ab]', out: ['c', '^'], in: ['a', 'b'] },
  { text: '[]a]', out: [']', 'a'], in: ['[]a]', '[a]'] },
  { text: '[!]a]', out: ['b', '['], in: [']', 'a'] },
  { text: '[a-c]', out: ['a', 'b', 'c'], in: ['d', '-'] },
  { text: '[a-]', out: ['a', '-'], in: ['b'] },
  { text: '[-a]', out: ['a', '-'], in: ['b'] },
  { text: '[\\]\\-]', out: [']', '-'], in: ['\\'] },
  { text: '[а-я]', out: ['ж'], in: ['z'] },
  { text: '[😀-😂]', out: ['😁'], in: ['😃'] },
  { text: 'x/a[+-9]b', out: ['x/a5b', 'x/a.b'], in: ['x/a/b'] },
  { text: 'x/a[!z]b', out: ['x/a5b'], in: ['x/a/b'] },
  { text: '[[:digit:]_]', out: ['5', '_'], in: ['a', ':'] },
  { text: '[[:punct:]]', out: ['\\', '!', '~', '.'], in: ['a', ' '] },
  { text: '[![:space:]]', out: ['a'], in: [' ', '\t'] },
  { text: 'a b', out: ['a b', 'x/a b'], in: ['ab', 'a'] },
  { text: 'a   ', out: ['a'], in: ['a   '] },
  { text: 'a\\ ', out: ['a '], in: ['a'] },
  { text: 'a\\\\ ', out: ['a\\'], in: ['a\\ '] },
  { text: 'a"b"', out: ['a"b"'], in: ['ab'] },
  { text: "a'b`", out: ["a'b`"], in: ['ab'] },
  { text: '100%', out: ['100%'], in: ['100'] },
  { text: '-r', out: ['-r'], in: ['r'] },
  { text: '\\!a', out: ['!a'], in: ['a', '\\!a'] },
  { text: '\\#a', out: ['#a'], in: ['a', '\\#a'] },
  { text: 'a#b', out: ['a#b'], in: ['a'] },
  { text: '\\a\\*', out: ['a*'], in: ['ab', 'a'] },
  { text: '{a,b}', out: ['{a,b}'], in: ['a', 'b'] },
  { text: '@(a|b)', out: ['@(a|b)'], in: ['a', 'b'] },
  { text: '+(a)', out: ['+(a)'], in: ['a', 'aa'] },
  { text: 'a+$^', out: ['a+$^'], in: ['a', 'aa'] },
  { text: 'a]b', out: ['a]b'], in: ['ab'] },
  { text: 'é', out: ['é'.normalize('NFC')], in: ['é'.normalize('NFD'), 'e'] },
  { text: '日本*', out: ['日本語'], in: ['日'] },
  { text: '# a\n\n  \nb', out: ['b'], in: ['a', '# a'] },
  { text: '*.txt\n!a.txt', out: ['b.txt'], in: ['a.txt', 'x/a.txt'] },
  { text: '!a.txt\n*.txt', out: ['a.txt'] },
  { text: '*.txt\n!a.txt\na.*', out: ['a.txt'] },
  { text: 'x\n!x/a', out: ['x/a', 'x/b'] },
  { text: 'x/*\n!x/a', out: ['x/b'], in: ['x/a', 'x/'] },
  { text: '!!a\n*a', out: ['a', '!a'] },
  { text: '*a\n!!a', out: ['a'], in: ['!a'] },
];

const decide = (text: string, path: string): boolean => {
  const kind: EntryKind = path.endsWith('/') ? 'directory' : 'file';
  return makeFilter({ patterns: parsePatterns(text) }).leavesOutWithParents(path.replace(/\/$/, ''), kind);
};

describe('Filter', () => {
  for (const row of table) {
    const title = JSON.stringify(row.text);
    for (const path of row.out ?? []) {
      it(`with ${title} leaves out ${JSON.stringify(path)}`, () => {
        expect(decide(row.text, path)).toBeTrue();
      });
    }
    for (const path of row.in ?? []) {
      it(`with ${title} lets in ${JSON.stringify(path)}`, () => {
        expect(decide(row.text, path)).toBeFalse();
      });
    }
  }

  it('leaves nothing out without patterns and extensions', () => {
    expect(makeFilter().leavesOut('a', 'file')).toBeFalse();
    expect(makeFilter({}).leavesOutWithParents('a/b', 'directory')).toBeFalse();
  });

  it('does not look at the parents where they are known to be in', () => {
    const filter = makeFilter({ patterns: parsePatterns('x/') });
    expect(filter.leavesOut('x/a', 'file')).toBeFalse();
    expect(filter.leavesOutWithParents('x/a', 'file')).toBeTrue();
  });
});

describe('Excluded extensions', () => {
  const cases = [
    { extension: '.txt', path: 'a.txt', kind: 'file', out: true },
    { extension: 'txt', path: 'x/a.txt', kind: 'file', out: true },
    { extension: 'txt', path: 'atxt', kind: 'file', out: false },
    { extension: '.txt', path: 'a.TXT', kind: 'file', out: false },
    { extension: '.txt', path: 'a.txt.gz', kind: 'file', out: false },
    { extension: '.txt', path: 'a.txt', kind: 'directory', out: false },
    { extension: '.tar.gz', path: 'a.tar.gz', kind: 'file', out: true },
    { extension: '.*', path: 'a.b', kind: 'file', out: false },
  ] as const;
  for (const { extension, path, kind, out } of cases) {
    it(`${extension} ${out ? 'leave out' : 'let in'} the ${kind} ${path}`, () => {
      expect(makeFilter({ extensions: [extension] }).leavesOut(path, kind)).toBe(out);
    });
  }

  it('leave in what lies in a folder with such a name', () => {
    expect(makeFilter({ extensions: ['.txt'] }).leavesOutWithParents('a.txt/b', 'file')).toBeFalse();
  });

  it('are weaker than a pattern that takes back', () => {
    const filter = makeFilter({ extensions: ['.txt'], patterns: combinePatterns({ includes: ['keep.txt'] }) });
    expect(filter.leavesOut('keep.txt', 'file')).toBeFalse();
    expect(filter.leavesOut('a.txt', 'file')).toBeTrue();
  });
});
