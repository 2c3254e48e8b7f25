import { settleOptions } from '../../lib/base/command-line.ts';
import type { GivenOptions } from '../../lib/base/option-table.ts';
import { showOptions } from '../../lib/base/show-options.ts';
import { sampleOptions } from '../support/sample-options.ts';

function given(options: Readonly<Record<string, readonly string[]>>, prefix = '--'): GivenOptions {
  return new Map(Object.entries(options).map(([name, texts]) => [name, { label: prefix + name, texts }]));
}

describe('settleOptions', () => {
  it('fills in the defaults', () => {
    expect(settleOptions(sampleOptions, {}).values).toEqual({
      depth: 3,
      wait: undefined,
      color: 'red',
      name: undefined,
      skip: [],
      share: { percent: 50 },
      token: undefined,
      once: false,
      bar: undefined,
      help: false,
    });
  });

  it('gives each value the type of its option', () => {
    const texts = {
      depth: ['4'],
      wait: ['0.5'],
      color: ['green'],
      skip: ['a', 'b'],
      share: ['7%'],
      once: ['1'],
      bar: ['0'],
    };
    const { values, faults } = settleOptions(sampleOptions, { arguments: given(texts) });
    const depth: number = values.depth;
    const color: 'red' | 'green' = values.color;
    const share: { percent: number } = values.share;
    const bar: boolean | undefined = values.bar;
    expect([depth, values.wait, color, values.skip, share, values.once, bar]).toEqual([
      4,
      0.5,
      'green',
      ['a', 'b'],
      { percent: 7 },
      true,
      false,
    ]);
    expect(faults).toEqual([]);
  });

  it('hears the arguments before the environment and that before the config file', () => {
    const { values, sources } = settleOptions(sampleOptions, {
      config: given({ depth: ['1'], name: ['config'], color: ['green'], skip: ['c', 'd'] }),
      environment: given({ depth: ['2'], name: ['environment'] }),
      arguments: given({ depth: ['5'], skip: ['a'] }),
    });
    expect([values.depth, values.name, values.color, values.skip]).toEqual([5, 'environment', 'green', ['a']]);
    expect([sources.depth, sources.name, sources.color, sources.once]).toEqual([
      'arguments',
      'environment',
      'config',
      'default',
    ]);
  });

  it('judges a value that is overruled, too', () => {
    const { faults } = settleOptions(sampleOptions, {
      config: given({ depth: ['0'] }, 'c:'),
      arguments: given({ depth: ['5'] }),
    });
    expect(faults.map(({ parameter }) => parameter)).toEqual(['c:depth']);
  });

  const faulty: readonly (readonly [what: string, name: string, texts: readonly string[], message: string])[] = [
    [
      'refuses a whole number out of range',
      'depth',
      ['10'],
      '--depth "10": must be a whole number from 1 to 9, in plain digits without a leading zero',
    ],
    [
      'refuses an empty number',
      'depth',
      [''],
      '--depth "": must be a whole number from 1 to 9, in plain digits without a leading zero',
    ],
    [
      'refuses a decimal that is none',
      'wait',
      ['x'],
      '--wait "x": must be a number from 0 to 60, in plain digits without a leading zero',
    ],
    ['refuses a choice that is none', 'color', ['blue'], '--color "blue": must be one of red, green'],
    ['refuses a choice in other letters', 'color', ['RED'], '--color "RED": must be one of red, green'],
    ['refuses a notation that cannot be read', 'share', ['7'], '--share "7": must be a percentage'],
    ['refuses an empty text', 'name', [''], '--name "": must not be empty or hold control characters'],
    ['refuses control characters', 'name', ['a\nb'], '--name "a\\nb": must not be empty or hold control characters'],
    ['refuses an empty text in a list', 'skip', ['a', ''], '--skip "": must not be empty or hold control characters'],
    ['refuses a flag that is neither', 'once', ['maybe'], '--once "maybe": must be true or false'],
    ['refuses a single value given twice', 'depth', ['4', '4'], '--depth: may be given only once, not 2 times'],
    ['refuses a flag given twice', 'once', ['true', 'false'], '--once: may be given only once, not 2 times'],
    ['never shows a secret', 'token', ['\n'], '--token: must not be empty or hold control characters'],
    ['never shows a repeated secret', 'token', ['a', 'b'], '--token: may be given only once, not 2 times'],
  ];
  for (const [what, name, texts, message] of faulty) {
    it(what, () => {
      const { faults } = settleOptions(sampleOptions, { arguments: given({ [name]: texts }) });
      expect(faults.map((fault) => fault.message)).toEqual([message]);
    });
  }
});

describe('showOptions', () => {
  it('shows what was given and where', () => {
    expect(showOptions(sampleOptions, given({ depth: ['4'], skip: ['a', 'b\n'] }))).toEqual([
      '--depth "4"',
      '--skip "a" "b\\n"',
    ]);
  });

  it('masks secrets', () => {
    expect(showOptions(sampleOptions, given({ token: ['hunter2'] }))).toEqual(['--token ***']);
  });

  it('masks what it does not know', () => {
    expect(showOptions(sampleOptions, given({ other: ['hunter2'] }))).toEqual(['--other ***']);
  });
});
