import { readCommandLine } from '../../lib/base/command-line.ts';
import { sampleOptions } from '../support/sample-options.ts';

interface Read {
  readonly given?: Readonly<Record<string, readonly string[]>>;
  readonly positionals?: readonly string[];
  readonly faults?: readonly string[];
  readonly certain?: boolean;
}

describe('readCommandLine', () => {
  const cases: readonly (readonly [what: string, words: readonly string[], read: Read])[] = [
    ['reads nothing from nothing', [], {}],
    ['reads --option=value', ['--depth=4'], { given: { depth: ['4'] } }],
    ['reads --option value', ['--depth', '4'], { given: { depth: ['4'] } }],
    ['reads -a value', ['-n', 'x'], { given: { name: ['x'] } }],
    ['reads -a=value', ['-n=x'], { given: { name: ['x'] } }],
    ['keeps positionals in order', ['b', '--depth', '4', 'a'], { given: { depth: ['4'] }, positionals: ['b', 'a'] }],
    [
      'keeps what looks like a number a text',
      ['007', '1e3', '0x10', ' 4 '],
      { positionals: ['007', '1e3', '0x10', ' 4 '] },
    ],
    ['takes a negative number for a positional', ['-1', '-.5', '-1x'], { positionals: ['-1', '-.5', '-1x'] }],
    ['takes a negative number for a value', ['--depth', '-1'], { given: { depth: ['-1'] } }],
    ['takes a dash for a word', ['-', '--name', '-'], { given: { name: ['-'] }, positionals: ['-'] }],
    ['takes an empty word for a positional', [''], { positionals: [''] }],
    [
      'takes all after -- for positionals',
      ['--once', '--', '--depth', '-h', '--'],
      { given: { once: ['true'] }, positionals: ['--depth', '-h', '--'] },
    ],
    ['keeps an empty value', ['--name='], { given: { name: [''] } }],
    ['keeps an empty word as a value', ['--name', ''], { given: { name: [''] } }],
    ['keeps further equals signs and line ends in a value', ['--name=a=b\nc'], { given: { name: ['a=b\nc'] } }],
    ['takes a value that looks like an option when it is joined', ['--name=--once'], { given: { name: ['--once'] } }],
    ['collects repeated options', ['--skip', 'a', '--skip=b', '--skip', 'a'], { given: { skip: ['a', 'b', 'a'] } }],
    ['reads a flag', ['--once'], { given: { once: ['true'] } }],
    ['reads the letter of a flag', ['-o'], { given: { once: ['true'] } }],
    ['reads a negated flag', ['--no-once'], { given: { once: ['false'] } }],
    ['leaves it to the check what a flag may be', ['--once=maybe'], { given: { once: ['maybe'] } }],
    [
      'does not take the word after a flag',
      ['--once', 'true', '--bar', 'false'],
      { given: { once: ['true'], bar: ['true'] }, positionals: ['true', 'false'] },
    ],
    [
      'refuses a value for a negated flag',
      ['--no-once=true'],
      { faults: ['--no-once: takes no value; write --once or --no-once'] },
    ],
    ['refuses to negate what is no flag', ['--no-depth'], { faults: ['--no-depth: unknown option'] }],
    ['misses a value at the end', ['--depth'], { faults: ['--depth: needs a value: --depth N'] }],
    [
      'misses a value before an option',
      ['--wait', '--once'],
      { given: { once: ['true'] }, faults: ['--wait: needs a value: --wait VALUE'] },
    ],
    [
      'misses a value before --',
      ['--name', '--', 'x'],
      { positionals: ['x'], faults: ['--name: needs a value: --name NAME'] },
    ],
    ['misses the value of a letter', ['-n'], { faults: ['-n: needs a value: -n NAME'] }],
    [
      'refuses an unknown option with the nearest',
      ['--onec'],
      { faults: ['--onec: unknown option, did you mean --once?'] },
    ],
    ['refuses an unknown letter', ['-x'], { faults: ['-x: unknown option'] }],
    ['refuses letters in one word', ['-oh'], { faults: ['-oh: unknown option'] }],
    [
      'tells which negated flag was meant, and takes no value for it',
      ['--no-ber', 'a'],
      { positionals: ['a'], faults: ['--no-ber: unknown option, did you mean --no-bar?'] },
    ],
    ['refuses a name with one dash', ['-depth=4'], { faults: ['-depth: unknown option, did you mean --depth?'] }],
    ['refuses three dashes', ['---once'], { faults: ['---once: unknown option, did you mean --once?'] }],
    ['refuses --==, on which minimist breaks', ['--=='], { faults: ['--: unknown option'] }],
    ['refuses --__proto__, which minimist drops', ['--__proto__=1'], { faults: ['--__proto__: unknown option'] }],
    ['refuses --constructor', ['--constructor=1'], { faults: ['--constructor: unknown option'] }],
    ['refuses the list of positionals as an option', ['--_=1'], { faults: ['--_: unknown option'] }],
    [
      'refuses dots, which minimist makes objects of',
      ['--depth.x=1'],
      { faults: ['--depth.x: unknown option, did you mean --depth?'] },
    ],
    [
      'never shows the joined value of an unknown option',
      ['--tokem=hunter2'],
      { faults: ['--tokem: unknown option, did you mean --token?'] },
    ],
    [
      'passes over the value of an unknown option that was meant to have one',
      ['--tokem', 'hunter2', 'a'],
      { positionals: ['a'], faults: ['--tokem: unknown option, did you mean --token?'] },
    ],
    [
      'keeps the word after an unknown option that was meant as a flag',
      ['--onec', 'a'],
      { positionals: ['a'], faults: ['--onec: unknown option, did you mean --once?'] },
    ],
    [
      'is not certain of the words after an option that nobody knows',
      ['--pw', 'hunter2'],
      { positionals: ['hunter2'], faults: ['--pw: unknown option'], certain: false },
    ],
    [
      'stays certain when the unknown option is joined',
      ['--pw=hunter2', 'a'],
      { positionals: ['a'], faults: ['--pw: unknown option'] },
    ],
    ['tells all faults', ['-x', '-y'], { faults: ['-x: unknown option', '-y: unknown option'] }],
  ];
  for (const [what, words, { given = {}, positionals = [], faults = [], certain = true }] of cases) {
    it(what, () => {
      const line = readCommandLine(sampleOptions, words);
      expect({
        given: Object.fromEntries([...line.given].map(([name, { texts }]) => [name, texts])),
        positionals: [...line.positionals],
        faults: line.faults.map(({ message }) => message),
        certain: line.certain,
      }).toEqual({ given, positionals: [...positionals], faults: [...faults], certain });
    });
  }

  it('calls an option by its name with two dashes', () => {
    expect(readCommandLine(sampleOptions, ['-n', 'x']).given.get('name')?.label).toBe('--name');
  });
});
