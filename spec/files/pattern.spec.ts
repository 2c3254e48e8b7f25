import { codeOf, messageOf } from '../../lib/base/coded-error.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { combinePatterns, type Pattern, parsePattern, parsePatterns } from '../../lib/files/pattern.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

const leavesOut = (patterns: readonly Pattern[], path: string): boolean =>
  makeFilter({ patterns }).leavesOut(path, 'file');

describe('parsePatterns', () => {
  const faults = [
    { text: '[ab', reason: 'a [ has no closing ]' },
    { text: '[', reason: 'a [ has no closing ]' },
    { text: '[]', reason: 'a [ has no closing ]' },
    { text: '[a\\', reason: 'nothing follows the last backslash' },
    { text: 'a\\', reason: 'nothing follows the last backslash' },
    { text: '[c-a]', reason: 'the range c-a is the wrong way round' },
    { text: '[[:word:]]', reason: 'there is no class [:word:]' },
    { text: '/', reason: 'a name is missing' },
    { text: '!', reason: 'a name is missing' },
    { text: 'a//b', reason: 'a name is missing' },
    { text: './a', reason: "'.' matches nothing" },
    { text: '../a', reason: "'..' matches nothing" },
    { text: 'a'.repeat(4097), reason: 'it is longer than 4096 characters' },
  ];
  for (const { text, reason } of faults) {
    it(`refuses ${text.slice(0, 20)} and names file, line and pattern`, () => {
      const error = thrownBy(() => parsePatterns(`# head\n${text}\n`, '.mirrorignore'));
      expect(codeOf(error)).toBe('E_PATTERN');
      expect(messageOf(error)).toContain(`Reading the pattern '${text}' (.mirrorignore, line 2): ${reason}`);
    });
  }

  it('takes a pattern as long as the longest path', () => {
    expect(leavesOut(parsePatterns('#'.padEnd(4000, 'a').slice(1)), 'a'.repeat(3999))).toBeTrue();
    expect(leavesOut(parsePatterns('-'.repeat(4096)), '-'.repeat(4096))).toBeTrue();
  });

  it('reads the lines of Windows and a byte order mark', () => {
    const patterns = parsePatterns('\uFEFFa\r\n# b\r\nc\r\n');
    expect(['a', 'b', 'c', 'c\r'].map((path) => leavesOut(patterns, path))).toEqual([true, false, true, false]);
  });

  it('gives no pattern for an empty text', () => {
    expect(parsePatterns('')).toEqual([]);
  });
});

describe('parsePattern', () => {
  it('takes # and blanks for what they are', () => {
    expect(leavesOut([parsePattern('#recycle ', '--exclude')], '#recycle ')).toBeTrue();
  });

  it('shows a pattern with control characters safely', () => {
    expect(messageOf(thrownBy(() => parsePattern('[\u001b[2J', '--exclude')))).toContain("'[\\x1B[2J' (--exclude)");
  });
});

describe('combinePatterns', () => {
  it('gives --exclude more weight than the ignore file, and --include the most', () => {
    const patterns = combinePatterns({
      ignored: parsePatterns('*.a\n!1.a\n!2.a'),
      excludes: ['1.a', '3.b', '4.b'],
      includes: ['4.b'],
    });
    const out = ['0.a', '1.a', '2.a', '3.b', '4.b'].filter((path) => leavesOut(patterns, path));
    expect(out).toEqual(['0.a', '1.a', '3.b']);
  });

  it('gives nothing for nothing', () => {
    expect(combinePatterns({})).toEqual([]);
  });

  it('names the option whose value cannot be understood', () => {
    expect(messageOf(thrownBy(() => combinePatterns({ excludes: ['['] })))).toContain("'[' (--exclude)");
    expect(messageOf(thrownBy(() => combinePatterns({ includes: ['['] })))).toContain("'![' (--include)");
  });
});
