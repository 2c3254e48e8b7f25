/** Names that users do give, and that protocols, shells and listings stumble over. Legal on every Linux file system. */
const oddNames: readonly string[] = [
  'with blank.txt',
  'two  blanks',
  ' leading blank',
  'trailing blank ',
  '   ',
  "it's.txt",
  '"quoted".txt',
  'half "quoted',
  '`tick`',
  '[brackets].txt',
  '{braces,more}',
  '(round)',
  '100%.txt',
  '%41%2F.txt',
  '#hash',
  'semi;colon',
  'type=dir;size=3; name',
  'key=value',
  'you & me',
  'star*.txt',
  'what?',
  '-leading',
  '-la',
  '~tilde',
  '~',
  '$HOME',
  '!bang',
  '|pipe',
  '<angle>',
  'colon:',
  'at@home',
  'plus+plus',
  'comma,comma',
  'tab\there',
  'back\\slash',
  'ends with dot.',
  '...',
  '..two dots',
  '.hidden',
  'link -> target',
  'total 12',
  'drwxr-xr-x 2 a a 1 Jan 01 2020 b',
  '226 Transfer complete',
  'CON',
  'Größe.txt',
  'Größe.txt'.normalize('NFD'),
  'naïve café',
  '表紙.txt',
  'привет',
  'مرحبا',
  '🙂 smile 👩‍👩‍👧.txt',
  'no\u00a0break',
  'bell\u0007',
  'delete\u007f',
  'UPPER',
  'upper',
];

// The longest a name may be on Linux: 255 bytes, here of one and of two bytes a letter.
const longNames = ['n'.repeat(255), `${'ü'.repeat(127)}n`];

/**
 * Can every server of the specs hold this name, for a file and for a folder?
 *
 * What they refuse or change, found by trying each of these names on each of them: Pure-FTPd 1.0.50 turns a blank at the
 * end and every control character into `_`, and refuses backslashes (553). ProFTPD 1.3.8 refuses to make a folder with
 * `*` in its name (550), but takes such a file. vsftpd 3.0.3 holds all of them. Names of 255 bytes are held by all, but
 * leave no room for a temporary name that is longer than the name itself.
 */
export function isPortable(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return !/ $|[\\*\u0000-\u001f\u007f]/.test(name) && Buffer.byteLength(name) <= 200;
}

/** The odd and the longest names; only the portable ones when asked so. */
export function namesFor(portable: boolean): readonly string[] {
  const all = [...oddNames, ...longNames];
  return portable ? all.filter(isPortable) : all;
}

/**
 * Names that FTP cannot carry, as bytes: with a line break, or not valid in UTF-8.
 *
 * They are in no generated tree; a spec that wants one puts it there itself.
 */
export const badNames: readonly Buffer[] = [
  Buffer.from('line\nfeed'),
  Buffer.from('carriage\rreturn'),
  Buffer.from('both\r\nDELE victim'),
  Buffer.from([0x66, 0xff, 0xfe]),
  Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65]),
];
