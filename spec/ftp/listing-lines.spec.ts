import { parseList, parseMlsd } from '../../lib/ftp/listing.ts';
import { type EntryFacts, formatFacts, formatLong } from '../../lib/ftp/listing-lines.ts';

const now = Date.UTC(2026, 5, 1);
const entry: EntryFacts = {
  name: ' a; b',
  kind: 'file',
  size: 5,
  mtimeMs: Date.UTC(2026, 4, 2, 3, 4, 5, 6),
  mode: 0o100644,
  uid: 1000,
  gid: 100,
  perm: 'r',
  unique: '1U2',
};
const year = 365 * 86_400_000;

describe('formatFacts', () => {
  it('tells all facts, lower case', () => {
    expect(formatFacts(entry)).toBe('type=file;size=5;modify=20260502030405.006;perm=r;unique=1U2;  a; b');
  });

  it('tells only what was asked for', () => {
    expect(formatFacts(entry, ['modify', 'size'])).toBe('modify=20260502030405.006;size=5;  a; b');
    expect(formatFacts(entry, [])).toBe('  a; b');
  });

  it('tells rights and owners to who asks for them', () => {
    const wanted = ['unix.mode', 'unix.uid', 'unix.gid'] as const;
    expect(formatFacts(entry, wanted)).toBe('unix.mode=0644;unix.uid=1000;unix.gid=100;  a; b');
  });

  it('tells no size of what is no file, and no time that has no text', () => {
    expect(formatFacts({ ...entry, kind: 'directory', mtimeMs: 1e15 })).toBe('type=dir;perm=r;unique=1U2;  a; b');
  });

  for (const kind of ['file', 'directory', 'link', 'other'] as const) {
    it(`is understood by parseMlsd for a ${kind}`, () => {
      const [read] = parseMlsd(formatFacts({ ...entry, kind })).entries;
      expect(read).toEqual({ name: entry.name, kind, size: kind === 'file' ? 5 : 0, mtimeMs: entry.mtimeMs });
    });
  }
});

describe('formatLong', () => {
  it('tells the time of the last half year', () => {
    expect(formatLong(entry, now)).toBe('-rw-r--r--   1 ftp      ftp                 5 May 02 03:04  a; b');
  });

  it('tells the year of what is older or lies ahead', () => {
    expect(formatLong({ ...entry, mtimeMs: now - year }, now)).toContain(' Jun 01  2025 ');
    expect(formatLong({ ...entry, mtimeMs: now + year }, now)).toContain(' Jun 01  2027 ');
  });

  it('tells the rights', () => {
    expect(formatLong({ ...entry, kind: 'directory', mode: 0o40751 }, now)).toMatch(/^drwxr-x--x /);
  });

  for (const kind of ['file', 'directory', 'link', 'other'] as const) {
    it(`is understood by parseList for a ${kind}`, () => {
      const { entries, unreadable } = parseList(formatLong({ ...entry, kind }, now));
      expect(unreadable).toEqual([]);
      expect(entries).toEqual([{ name: entry.name, kind, size: kind === 'file' ? 5 : 0 }]);
    });
  }

  for (const mtimeMs of [-1e13, 0, 1e15, 8.64e15]) {
    it(`is understood by parseList at ${mtimeMs}`, () => {
      expect(parseList(formatLong({ ...entry, mtimeMs }, now)).unreadable).toEqual([]);
    });
  }
});
