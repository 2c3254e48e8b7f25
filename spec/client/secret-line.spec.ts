import { mayHoldSecret, withoutSecret } from '../../lib/client/secret-line.ts';

describe('mayHoldSecret', () => {
  for (const line of [
    'open ftp://me:secret@host/',
    'open ftp://me:se/cr:e@t@host/',
    'open "ftp://me:se cret@host/"',
    'open me:secret@host',
    'open -u me,secret host',
    'open -u me -p secret host',
    'open me:secret@host:2121/folder',
    'open "me:se cret@host"',
    'connect me:secret@host',
    'open host,me,secret,/dir',
    'open "192.168.43.122, me, secret, test"',
    'bookmark x me:secret@host',
    'ls; open ftps://me:secret@host',
    'ls;open me:secret@host',
    'ls & open me:secret@host',
    'opne me:secret@host',
    'opne host,me,secret,/dir',
    'me:secret@host',
    'host,me,secret,/dir',
    'get ftp://me:secret@host/file',
    '!curl ftp://me:secret@host/file',
    'user me secret',
    '"user" me secret',
    'quote PASS secret',
    'pwd; quote pass secret',
    'quote PASS "secret',
    "quote PASS 'secret",
    'site pswd old new',
    'queue quote PASS x',
    'queue queue quote PASS x',
    'QUOTE PASS secret',
    'qoute PASS secret',
    'USER me secret',
    'PASS secret',
    'passwd old new',
    'acct secret now',
    'queue open me:secret@host',
    'queue open me:secret@host | cat',
    'quote PASS x | cat',
    '& quote PASS x',
    'correcthorsebatterystaple',
  ]) {
    it(`threat 41: is true of ${line}`, () => {
      expect(mayHoldSecret(line)).toBeTrue();
    });
  }

  for (const line of [
    'put a',
    'put "a',
    'open ftp://me@host:21/',
    'open ftps://me@[::1]:2121/folder/',
    'open host',
    'open home; ls',
    'bookmark home',
    'bookmark -d home',
    'bookmark x ftp://me@host/',
    'cd user',
    'get http://x',
    'ls password.txt',
    'rm "a:b@c"',
    'mput a,b,c *.txt',
    'set bwlimit "08:00,512k 19:00,off"',
    'queue mget *.txt',
    'mptu *.txt',
    '!ls',
    'bye',
    '# nothing',
  ]) {
    it(`is false of ${line}`, () => {
      expect(mayHoldSecret(line)).toBeFalse();
    });
  }
});

describe('withoutSecret', () => {
  for (const [line, shown] of [
    ['get a:b@c', 'get a:b@c'],
    ['open me:secret@host', 'open ...'],
    ['quote PASS secret', 'quote ...'],
    ['secret', '...'],
    ['me:secret@host', '...'],
  ] as const) {
    it(`shows ${line} as ${shown}`, () => {
      expect(withoutSecret(line)).toBe(shown);
    });
  }
});
