import { type DetailedEntry, parseDetailed } from '../../lib/ftp/listing-details.ts';

describe('parseDetailed', () => {
  const facts: readonly (readonly [string, string, DetailedEntry])[] = [
    [
      'facts of ProFTPD',
      'modify=20210204050607;perm=adfrw;size=7;type=file;unique=1;UNIX.group=100;UNIX.groupname=users;UNIX.mode=0640;UNIX.owner=0;UNIX.ownername=root; a b',
      {
        ...{ name: 'a b', kind: 'file', size: 7, mtimeMs: Date.UTC(2021, 1, 4, 5, 6, 7) },
        ...{ rights: 'rw-r-----', owner: 'root', group: 'users' },
      },
    ],
    [
      'numbers where no names are told',
      'type=dir;unix.mode=02755;unix.uid=7;unix.gid=8; d',
      { name: 'd', kind: 'directory', size: 0, rights: 'rwxr-xr-x', owner: '7', group: '8' },
    ],
    ['the target of a link', 'type=OS.unix=slink:/etc/x; l', { name: 'l', kind: 'link', size: 0, target: '/etc/x' }],
    ['no more than is told', 'type=file;size=1;unix.mode=rwx; f', { name: 'f', kind: 'file', size: 1 }],
  ];
  for (const [what, line, entry] of facts) {
    it(`reads ${what} from MLSD`, () => {
      expect(parseDetailed('MLSD', `${line}\r\n`)).toEqual({ entries: [entry], unreadable: [] });
    });
  }

  const columns: readonly (readonly [string, string, DetailedEntry])[] = [
    [
      'a file',
      '-rw-r--r--    1 1000     users           7 Feb 04 05:06 a b',
      {
        ...{ name: 'a b', kind: 'file', size: 7, rights: 'rw-r--r--' },
        ...{ owner: '1000', group: 'users', shownTime: 'Feb 04 05:06' },
      },
    ],
    [
      'a link',
      'lrwxrwxrwx    1 0        0               3 Feb  4  2021 l -> x/y',
      {
        ...{ name: 'l', kind: 'link', size: 0, rights: 'rwxrwxrwx' },
        ...{ owner: '0', group: '0', shownTime: 'Feb  4  2021', target: 'x/y' },
      },
    ],
  ];
  for (const [what, line, entry] of columns) {
    it(`reads ${what} from LIST`, () => {
      expect(parseDetailed('LIST', `${line}\r\n`)).toEqual({ entries: [entry], unreadable: [] });
    });
  }

  for (const name of ['../x', '/etc/passwd', 'a/b', 'a\rb', '']) {
    it(`threat 44: takes a line with the name ${JSON.stringify(name)} for unreadable`, () => {
      const lines = { MLSD: `type=file;size=1; ${name}`, LIST: `-rw-r--r-- 1 0 0 1 Feb 04 05:06 ${name}` } as const;
      for (const command of ['MLSD', 'LIST'] as const) {
        expect(parseDetailed(command, `${lines[command]}\r\n`)).toEqual({
          entries: [],
          unreadable: [lines[command]],
        });
      }
    });
  }
});
