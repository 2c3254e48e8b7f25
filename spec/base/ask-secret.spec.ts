import { PassThrough } from 'node:stream';
import { askSecret } from '../../lib/base/ask-secret.ts';

class Terminal extends PassThrough {
  readonly modes: boolean[] = [];

  setRawMode(raw: boolean): this {
    this.modes.push(raw);
    return this;
  }
}

describe('askSecret', () => {
  let input: Terminal;
  let output: PassThrough;
  let answer: Promise<string | undefined>;

  beforeEach(() => {
    input = new Terminal();
    output = new PassThrough();
    answer = askSecret('Password: ', input, output);
  });

  const cases: readonly (readonly [what: string, typed: readonly (string | Buffer)[], answer: string | undefined])[] = [
    ['gives what was typed up to Enter', ['secret\r'], 'secret'],
    ['gives it when the keys come one by one', ['a', 'b', '\r'], 'ab'],
    ['takes a line feed for Enter', ['ab\n'], 'ab'],
    ['gives an empty line', ['\r'], ''],
    ['takes back the last letter', ['abc\u007f\u007fd\r'], 'ad'],
    ['takes back a letter of two halves whole', ['a😀\bb\r'], 'ab'],
    ['takes back nothing of nothing', ['\bab\r'], 'ab'],
    ['forgets the line on Ctrl-U', ['abc\u0015d\r'], 'd'],
    ['passes over other control keys', ['a\u001b\u0001\tb\r'], 'ab'],
    ['passes over Ctrl-D in a line', ['a\u0004b\r'], 'ab'],
    ['gives nothing on Ctrl-D in an empty line', ['\u0004'], undefined],
    ['gives nothing on Ctrl-C', ['abc\u0003'], undefined],
    ['puts a letter together that comes in two pieces', [Buffer.from([0xc3]), Buffer.from([0xbc, 0x0d])], 'ü'],
  ];
  for (const [what, typed, expected] of cases) {
    it(what, async () => {
      for (const piece of typed) input.write(piece);
      expect(await answer).toBe(expected);
    });
  }

  it('gives nothing when the input ends', async () => {
    input.end('abc');
    expect(await answer).toBeUndefined();
  });

  it('is refused when the input breaks', async () => {
    input.destroy(new Error('gone'));
    await expectAsync(answer).toBeRejectedWithError('gone');
    expect(input.modes).toEqual([true, false]);
  });

  it('shows the question and a line end, never what is typed', async () => {
    input.write('secret\r');
    await answer;
    expect(String(output.read())).toBe('Password: \n');
  });

  it('leaves the terminal as it was and the input paused', async () => {
    input.write('secret\r');
    await answer;
    expect(input.modes).toEqual([true, false]);
    expect(input.isPaused()).toBeTrue();
    expect(input.listenerCount('data')).toBe(0);
  });
});

describe('askSecret without a terminal', () => {
  it('reads a line as well', async () => {
    const input = new PassThrough();
    const answer = askSecret('Password: ', input, new PassThrough());
    input.write('secret\n');
    expect(await answer).toBe('secret');
  });
});
