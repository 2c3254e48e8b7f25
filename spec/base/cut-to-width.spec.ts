import { cutToWidth } from '../../lib/base/cut-to-width.ts';

describe('cutToWidth', () => {
  const table: readonly (readonly [what: string, text: string, columns: number, cut: string])[] = [
    ['leaves a text that fits', 'abc', 3, 'abc'],
    ['cuts a text that does not', 'abcd', 3, 'abc'],
    ['leaves nothing where there is no room', 'abc', 0, ''],
    ['leaves nothing where there is less than no room', 'abc', -1, ''],
    ['counts an ideograph as two', '漢字漢字', 5, '漢字'],
    ['counts kana and Hangul as two', 'かカ한', 5, 'かカ'],
    ['counts full-width letters as two', 'ＡＢ', 3, 'Ａ'],
    ['counts an emoji as two and never halves it', 'a😀b', 2, 'a'],
    ['counts a sign that is made an emoji as two', '❤\ufe0fa', 2, '❤\ufe0f'],
    ['counts a combining mark as nothing', 'e\u0301e\u0301e\u0301', 2, 'e\u0301e\u0301'],
    ['keeps a mark with the last letter that fits', 'ae\u0301', 2, 'ae\u0301'],
    ['counts letters of Europe as one', 'äßжω', 4, 'äßжω'],
  ];
  for (const [what, text, columns, cut] of table) it(what, () => expect(cutToWidth(text, columns)).toBe(cut));
});
