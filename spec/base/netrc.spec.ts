import { findEntry, type NetrcEntry, parseNetrc } from '../../lib/base/netrc.ts';

function entry(machine: string | undefined, login?: string, password?: string): NetrcEntry {
  return { machine, login, password };
}

describe('parseNetrc', () => {
  const cases: readonly (readonly [what: string, text: string, entries: readonly NetrcEntry[]])[] = [
    ['finds nothing in an empty file', '', []],
    ['finds nothing in blanks', ' \n\t\n', []],
    ['reads an entry in one line', 'machine m login l password p', [entry('m', 'l', 'p')]],
    ['reads an entry over several lines', 'machine m\n  login l\r\n\tpassword p\n', [entry('m', 'l', 'p')]],
    ['reads several entries', 'machine a login b\nmachine c password d', [entry('a', 'b'), entry('c', undefined, 'd')]],
    ['reads the default entry', 'machine a\ndefault login b password c', [entry('a'), entry(undefined, 'b', 'c')]],
    ['reads in any order', 'machine m password p login l', [entry('m', 'l', 'p')]],
    ['reads quoted words', 'machine m login "l 1" password "p # 2"', [entry('m', 'l 1', 'p # 2')]],
    [
      'reads escapes in quotes',
      String.raw`machine m password "a\"b\\c\td\ne\rf\g"`,
      [entry('m', undefined, 'a"b\\c\td\ne\rfg')],
    ],
    ['reads an empty quoted word', 'machine m password "" login l', [entry('m', 'l', '')]],
    [
      'leaves backslashes outside quotes alone',
      String.raw`machine m password a\b`,
      [entry('m', undefined, String.raw`a\b`)],
    ],
    ['takes a quote that is not closed as it is', 'machine m password "p q', [entry('m', undefined, '"p')]],
    ['passes over comments', '# machine x login y\nmachine m # here, too\n#login z\nlogin l', [entry('m', 'l')]],
    ['lets a password begin with #', 'machine m password #p login l', [entry('m', 'l', '#p')]],
    [
      'lets values be keywords',
      'machine machine login password password login',
      [entry('machine', 'password', 'login')],
    ],
    ['passes over an account', 'machine m login l account password password p', [entry('m', 'l', 'p')]],
    [
      'passes over a macro to its empty line',
      'machine m login l\nmacdef init\nmachine x login y\nquit\n\nmachine n',
      [entry('m', 'l'), entry('n')],
    ],
    ['passes over a macro at the end', 'machine m\nmacdef init\nmachine x', [entry('m')]],
    ['passes over words it does not know', 'port 21 machine m port 21 login l', [entry('m', 'l')]],
    ['passes over a login that belongs to nobody', 'login l password p\nmachine m', [entry('m')]],
    ['reads what breaks off', 'machine m login', [entry('m')]],
  ];
  for (const [what, text, entries] of cases) {
    it(what, () => {
      expect(parseNetrc(text)).toEqual(entries);
    });
  }
});

describe('findEntry', () => {
  const entries = parseNetrc(`
    machine one login a password 1
    machine one login b password 2
    machine two password 3
    default login guest password 4
  `);
  const cases: readonly (readonly [
    what: string,
    host: string,
    user: string | undefined,
    password: string | undefined,
  ])[] = [
    ['takes the first entry of the machine for an unknown user', 'one', undefined, '1'],
    ['takes the entry of the user', 'one', 'b', '2'],
    ['knows the machine in capitals', 'ONE', 'a', '1'],
    ['takes an entry without a login for everybody', 'two', 'c', '3'],
    ['takes the default for another machine', 'three', undefined, '4'],
    ['takes the default for its user', 'three', 'guest', '4'],
    ['takes no entry of another user', 'one', 'c', undefined],
    ['takes no default of another user', 'three', 'a', undefined],
  ];
  for (const [what, host, user, password] of cases) {
    it(what, () => {
      expect(findEntry(entries, { host, user })?.password).toBe(password);
    });
  }
});
