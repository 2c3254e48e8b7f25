import type { Command } from '../../lib/client/command.ts';
import { parseText } from '../../lib/client/parse-line.ts';
import { readArguments, signatureOf } from '../../lib/client/read-arguments.ts';

const command: Command = {
  name: 'do',
  family: 'Looking',
  usage: 'A [B]',
  help: 'Something',
  options: [
    { name: 'force', letter: 'f', help: 'x' },
    { name: 'recursive', letter: 'r', help: 'x' },
    { name: 'depth', letter: 'd', placeholder: 'N', help: 'x' },
    { name: 'dry-run', help: 'x' },
  ],
  ...{ least: 1, most: 2, needsLogin: false },
  run: async () => undefined,
};

function read(text: string): unknown {
  const parsed = parseText(`do ${text}`);
  const statement = 'statements' in parsed ? parsed.statements[0] : undefined;
  const words = statement?.kind === 'command' ? statement.words.slice(1) : [];
  try {
    const call = readArguments(command, words);
    return [call.words.map((word) => word.text), Object.fromEntries(call.options)];
  } catch (error) {
    return (error as Error).message.split(';')[0];
  }
}

describe('readArguments', () => {
  for (const [text, meaning] of [
    ['a', [['a'], {}]],
    ['-f a b', [['a', 'b'], { force: '' }]],
    ['a -rf', [['a'], { recursive: '', force: '' }]],
    ['a --force', [['a'], { force: '' }]],
    ['a -d 3', [['a'], { depth: '3' }]],
    ['a -d3', [['a'], { depth: '3' }]],
    ['a -fd3', [['a'], { force: '', depth: '3' }]],
    ['a --depth=3', [['a'], { depth: '3' }]],
    ['a --depth 3 --depth 4', [['a'], { depth: '3\n4' }]],
    ['-- -f', [['-f'], {}]],
    ['a -', [['a', '-'], {}]],
    ['', 'do: there is an argument missing'],
    ['a b c', 'do: there are too many arguments'],
    ['a -x', 'do: it has no option -x'],
    ['a --forse', 'do: it has no option --forse, did you mean --force?'],
    ['a -d', 'do: -d needs a value'],
    ['a --force=1', 'do: --force takes no value'],
    ['a ""', 'do: a name is empty'],
    ['"-f" a', [['a'], { force: '' }]],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(read(text)).toEqual(meaning);
    });
  }

  it('shows the form of a command', () => {
    expect(signatureOf(command)).toBe('do [-f] [-r] [-d N] [--dry-run] A [B]');
    expect(() => readArguments(command, [])).toThrowError(/its form is: do \[-f\]/);
  });
});
