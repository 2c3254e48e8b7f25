import { fault } from '../../lib/base/fault.ts';
import { showText } from '../../lib/base/show-text.ts';

describe('fault', () => {
  it('names parameter, value and rule in one line', () => {
    expect(fault('max_depth', 'must be a number', 'abc')).toEqual({
      parameter: 'max_depth',
      value: 'abc',
      rule: 'must be a number',
      message: 'max_depth "abc": must be a number',
    });
  });

  it('names parameter and rule where there is no value to show', () => {
    expect(fault('max_depth', 'missing')).toEqual({
      parameter: 'max_depth',
      rule: 'missing',
      message: 'max_depth: missing',
    });
  });

  it('keeps a parameter name of unknown origin from breaking the line', () => {
    expect(fault('--a\nb', 'unknown option').message).toBe('--a\\nb: unknown option');
  });

  it('shows an empty value as such', () => {
    expect(fault('--links', 'must be one of a, b', '').message).toBe('--links "": must be one of a, b');
  });
});

describe('showText', () => {
  const cases: readonly (readonly [what: string, text: string, shown: string])[] = [
    ['leaves ordinary text as it is', 'Grüße 日本 a/b', 'Grüße 日本 a/b'],
    ['escapes line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['escapes quotes and backslashes', '"\\', '\\"\\\\'],
    ['escapes what steers a terminal', '\u001b[2J\u009b', '\\u{1b}[2J\\u{9b}'],
    ['escapes NUL and DEL', '\0\u007f', '\\u{0}\\u{7f}'],
    ['escapes what turns the direction of writing', '\u202egnp', '\\u{202e}gnp'],
    ['escapes line and paragraph separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['escapes half a surrogate pair', 'a\ud800', 'a\\u{d800}'],
    ['leaves a whole surrogate pair', '😀', '😀'],
    ['leaves a text of 120 letters whole', 'x'.repeat(120), 'x'.repeat(120)],
    ['cuts a longer one', 'x'.repeat(121), `${'x'.repeat(120)}...`],
    ['never cuts through a letter of two halves', '😀'.repeat(121), `${'😀'.repeat(120)}...`],
  ];
  for (const [what, text, shown] of cases) {
    it(what, () => {
      expect(showText(text)).toBe(shown);
    });
  }
});
