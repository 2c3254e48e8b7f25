import { commandTable } from '../../lib/admin/command-table.ts';
import { readOrder } from '../../lib/admin/read-order.ts';

const messages = (...words: readonly string[]) => readOrder(words).faults.map(({ message }) => message);

describe('readOrder', () => {
  it('finds the command, its words and options wherever they stand', () => {
    const { command, words, values, faults } = readOrder(['--json', 'user', 'quota', '--data', 'd', 'anna', '20M']);
    expect(faults).toEqual([]);
    expect([command?.words, words, values.json, values.data]).toEqual(['user quota', ['anna', '20M'], true, 'd']);
  });

  it('takes a name that begins with a dash behind --', () => {
    expect(readOrder(['user', 'show', '--', '-anna']).words).toEqual(['-anna']);
  });

  it('finds no command where there is none', () => {
    expect(readOrder(['--data', 'd'])).toEqual(jasmine.objectContaining({ words: [], faults: [] }));
    expect(readOrder([]).command).toBeUndefined();
  });

  it('knows check as another word for doctor', () => {
    expect(readOrder(['check']).command?.words).toBe('doctor');
  });

  for (const [words, fault] of [
    ['usr list', 'command "usr": unknown command, did you mean user?'],
    ['user lits', 'command "user lits": unknown command, did you mean user list?'],
    ['frobnicate', 'command "frobnicate": unknown command'],
    ['user', 'command "user": needs one more word: add, list, show, del, passwd, quota, set, enable, disable, recount'],
    ['user show', 'NAME: is missing behind user show'],
    ['user show a b', 'user show "b": takes no more words'],
    ['user add a --qouta 1M', '--qouta: unknown option, did you mean --quota?'],
    ['user list --purge', '--purge: is no option of user list'],
    ['user add a --quota 10X', '--quota "10X": must be a number of bytes'],
    ['user set a --upload-rate 0', '--upload-rate "0": must be a number of bytes'],
    ['user set a --sessions 0', '--sessions "0": must be a whole number of at least 1'],
    ['user set a --addresses 192.0.2.0/33', '--addresses "192.0.2.0/33": must be addresses or blocks'],
    ['user set a --addresses example.org', '--addresses "example.org": must be addresses or blocks'],
    ['log -n 0', '--lines "0": must be a whole number from 1 to 10000'],
    ['who --json --json', '--json: may be given only once'],
  ] as const) {
    it(`tells what is wrong with ${words}`, () => {
      const [first = '', ...more] = messages(...words.split(' '));
      expect(first.startsWith(fault)).withContext(first).toBe(true);
      expect(more).toEqual([]);
    });
  }

  it('tells all faults at once', () => {
    expect(messages('user', 'quota', '--purge', '--lines', '0')).toHaveSize(5);
  });

  it('reads what unlimited and any are for', () => {
    const words = ['user', 'set', 'a', '--quota', 'unlimited', '--sessions', 'unlimited', '--addresses', 'any'];
    const { values, faults } = readOrder(words);
    expect(faults).toEqual([]);
    expect([values.quota, values.sessions, values.addresses]).toEqual(['unlimited', 'unlimited', 'any']);
  });
});

describe('commandTable', () => {
  const names = commandTable.flatMap(({ words, aka }) => [words, ...(aka ? [aka] : [])]);

  it('has each command once', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it('explains each in a sentence without a full stop', () => {
    expect(commandTable.filter(({ help }) => !/^[A-Z].*[^.\s]$/.test(help))).toEqual([]);
  });
});
