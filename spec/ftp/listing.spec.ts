import { type ListedEntry, parseList, parseMlsd } from '../../lib/ftp/listing.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('parseMlsd', () => {
  const lines: readonly (readonly [string, ListedEntry])[] = [
    ['type=file;size=5;modify=20260102030405; a', { name: 'a', kind: 'file', size: 5, mtimeMs: at }],
    ['Type=File;Size=5;Modify=20260102030405.678; a', { name: 'a', kind: 'file', size: 5, mtimeMs: at + 678 }],
    ['type=dir;sizd=4096;modify=20260102030405; d', { name: 'd', kind: 'directory', size: 0, mtimeMs: at }],
    ['type=file;size=5; a; b=c;', { name: 'a; b=c;', kind: 'file', size: 5 }],
    ['type=file;size=5;  lead', { name: ' lead', kind: 'file', size: 5 }],
    ['type=file;size=5; trail  ', { name: 'trail  ', kind: 'file', size: 5 }],
    ['type=file;size=5; a -> b', { name: 'a -> b', kind: 'file', size: 5 }],
    ['type=OS.unix=symlink;size=9; l', { name: 'l', kind: 'link', size: 0 }],
    ['type=OS.unix=slink:/tmp/a b;size=9; l', { name: 'l', kind: 'link', size: 0 }],
    ['type=OS.unix=slink:a;type=file;size=9; l', { name: 'l', kind: 'link', size: 0 }],
    ['type=OS.unix=chr-5/1; tty', { name: 'tty', kind: 'other', size: 0 }],
    ['type=file;size=0;modify=never;flag; a', { name: 'a', kind: 'file', size: 0 }],
    ['perm=r;type=file;size=9007199254740991; a', { name: 'a', kind: 'file', size: Number.MAX_SAFE_INTEGER }],
  ];
  for (const [line, entry] of lines) {
    it(`reads ${JSON.stringify(line)}`, () => {
      expect(parseMlsd(`${line}\r\n`)).toEqual({ entries: [entry], unreadable: [] });
    });
  }

  const unreadable = [
    'hello',
    'type=file;size=5;name',
    ' nothing known',
    'size=5; a',
    'type=file; a',
    'type=file;size=-1; a',
    'type=file;size=9007199254740993; a',
    'type=file;size=5; ',
    // It cannot be asked for, and would begin a line of its own on a terminal.
    'type=file;size=5; a\rb',
    'type=file;size=5; ../a',
    'type=file;size=5; a\0b',
  ];
  for (const line of unreadable) {
    it(`does not pretend to understand ${JSON.stringify(line)}`, () => {
      expect(parseMlsd(`${line}\r\ntype=dir; d\r\n`)).toEqual({
        entries: [{ name: 'd', kind: 'directory', size: 0 }],
        unreadable: [line],
      });
    });
  }

  it('leaves out the folder itself and its parent', () => {
    const text = 'type=cdir; .\r\ntype=pdir; ..\r\ntype=dir; .\r\ntype=dir; ..\r\ntype=cdir; /where/we/are\r\n\r\n';
    expect(parseMlsd(text)).toEqual({ entries: [], unreadable: [] });
  });

  it('reads lines that end with LF only, and a last one without an end', () => {
    expect(parseMlsd('type=dir; a\ntype=dir; b').entries.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('parseList', () => {
  const lines: readonly (readonly [string, string, ListedEntry])[] = [
    ['vsftpd', '-rw-r--r--    1 1000     1000          12 Jan 02 03:04 a', { name: 'a', kind: 'file', size: 12 }],
    ['vsftpd', 'drwxr-xr-x    2 0        0            4096 Jan 02  2020 d', { name: 'd', kind: 'directory', size: 0 }],
    [
      'ProFTPD',
      '-rw-r--r--   1 bench bench 9007199254740991 Nov  1 00:00 a',
      { name: 'a', kind: 'file', size: 2 ** 53 - 1 },
    ],
    ['ProFTPD', 'lrwxrwxrwx   1 bench    bench    3 Nov 21 00:00 l -> a b', { name: 'l', kind: 'link', size: 0 }],
    [
      'Pure-FTPd',
      '-rw-r--r--    1 1001       1001      5 Nov 21 00:00  lead',
      { name: ' lead', kind: 'file', size: 5 },
    ],
    [
      'pyftpdlib',
      '-rw-r--r--   1 root     root        5 Nov 21 02:34 trail  ',
      { name: 'trail  ', kind: 'file', size: 5 },
    ],
    ['a name with an arrow', '-rw-r--r-- 1 a b 5 Nov 21 02:34 x -> y', { name: 'x -> y', kind: 'file', size: 5 }],
    ['a link without target', 'lrwxrwxrwx 1 a b 5 Nov 21 02:34 l', { name: 'l', kind: 'link', size: 0 }],
    ['a device', 'crw-rw-rw- 1 root root 1,   3 Nov 21 02:34 null', { name: 'null', kind: 'other', size: 0 }],
    ['more rights', 'drwxrws--T+ 2 a b 4096 Nov 21 02:34 d', { name: 'd', kind: 'directory', size: 0 }],
    ['a numeric date', '-rw-r--r-- 1 a b 5 2026-01-02 03:04 a', { name: 'a', kind: 'file', size: 5 }],
    [
      'a name like a time',
      '-rw-r--r-- 1 a b 5 Nov 21 02:34 Nov 21 02:34 x',
      { name: 'Nov 21 02:34 x', kind: 'file', size: 5 },
    ],
  ];
  for (const [who, line, entry] of lines) {
    it(`reads ${who}: ${line}`, () => {
      expect(parseList(`total 4\r\n${line}\r\n`)).toEqual({ entries: [entry], unreadable: [] });
    });
  }

  const unreadable = [
    'ls: cannot open directory',
    '01-02-26  03:04AM       <DIR>          d',
    '-rw-r--r-- 1 a b 5 Nov 21 02:34',
    '-rw-r--r-- 1 a b big Nov 21 02:34 a',
    '-rw-r--r-- 1 a b 5 Nov 21 02:34 a/b',
    'lrwxrwxrwx 1 a b 5 Nov 21 02:34 a -> b -> c',
    'total of nothing',
  ];
  for (const line of unreadable) {
    it(`does not pretend to understand ${line}`, () => {
      expect(parseList(`${line}\r\n`)).toEqual({ entries: [], unreadable: [line] });
    });
  }

  it('leaves out the folder itself, its parent, the sum and empty lines', () => {
    const text = 'total 8\r\ndrwxr-xr-x 2 a b 4096 Nov 21 02:34 .\r\ndrwxr-xr-x 2 a b 4096 Nov 21 02:34 ..\r\n\r\n';
    expect(parseList(text)).toEqual({ entries: [], unreadable: [] });
  });
});
