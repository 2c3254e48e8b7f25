import { parseText, quoteWord } from '../../lib/client/parse-line.ts';

/** What each statement says: words, with `&` and `|` behind them, or `!` and the local command. */
function read(text: string): unknown {
  const parsed = parseText(text);
  if ('fault' in parsed) return parsed.fault;
  return parsed.statements.map((statement) => {
    if (statement.kind === 'shell') return `!${statement.command}`;
    const words = statement.words.map((word) => word.text);
    return [
      ...words,
      ...(statement.pipe === undefined ? [] : ['|', statement.pipe]),
      ...(statement.isBackground ? ['&'] : []),
    ];
  });
}

describe('parseText', () => {
  const rows: readonly (readonly [text: string, meaning: unknown])[] = [
    ['', []],
    ['  \t ', []],
    ['ls', [['ls']]],
    ['put a; ls', [['put', 'a'], ['ls']]],
    ['put a;ls;', [['put', 'a'], ['ls']]],
    [';;ls', [['ls']]],
    ['put a\nls\r\n', [['put', 'a'], ['ls']]],
    ['put "a b" \'c d\'', [['put', 'a b', 'c d']]],
    ['put "a;b"', [['put', 'a;b']]],
    ['put a\\ b', [['put', 'a b']]],
    ['put a\\;b', [['put', 'a;b']]],
    ['put "say \\"hi\\" \\\\ \\n"', [['put', 'say "hi" \\ \\n']]],
    ["put 'a\\b\"c'", [['put', 'a\\b"c']]],
    ['put a"b c"d', [['put', 'ab cd']]],
    ['put ""', [['put', '']]],
    ['get a &', [['get', 'a', '&']]],
    ['get a & ls', [['get', 'a', '&'], ['ls']]],
    ['get a &; ls', [['get', 'a', '&'], ['ls']]],
    ['get R&D.txt', [['get', 'R&D.txt']]],
    ['get "&"', [['get', '&']]],
    ['cat f | head -n 1', [['cat', 'f', '|', 'head -n 1']]],
    ['cat f | head; pwd', [['cat', 'f', '|', 'head'], ['pwd']]],
    ['cat f | sed "s;a;b;" | wc; pwd', [['cat', 'f', '|', 'sed "s;a;b;" | wc'], ['pwd']]],
    ["cat f | awk '{print; }'", [['cat', 'f', '|', "awk '{print; }'"]]],
    ['cat f | gzip > x &; pwd', [['cat', 'f', '|', 'gzip > x', '&'], ['pwd']]],
    ['cat f | a && b 2>&1 | c & d', [['cat', 'f', '|', 'a && b 2>&1 | c & d']]],
    ['cat f | a &&', [['cat', 'f', '|', 'a &&']]],
    ['cat a|b', [['cat', 'a|b']]],
    ['!ls -l; pwd', ['!ls -l; pwd']],
    [' ! ls\npwd', ['!ls', ['pwd']]],
    ['!', ['!']],
    ['# all of it\nls', [['ls']]],
    ['ls; # the rest\npwd', [['ls'], ['pwd']]],
    ['put #1.txt', [['put', '#1.txt']]],
    ['put "a', 'a quote " is not closed'],
    ["put 'a", "a quote ' is not closed"],
    ['put a\\', 'there is nothing behind the last \\'],
    ['& ls', 'there is nothing before the &'],
    ['| head', 'there is nothing before the |'],
    ['cat a | ', 'there is nothing behind the |'],
  ];
  for (const [text, meaning] of rows) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(read(text)).toEqual(meaning);
    });
  }

  it('tells what was quoted from what stands for several names', () => {
    const parsed = parseText('mget *.txt "*.txt" a\\*[b]');
    const words = 'statements' in parsed && parsed.statements[0]?.kind === 'command' ? parsed.statements[0].words : [];
    expect(words.map(({ pattern }) => pattern)).toEqual(['mget', '*.txt', '\\*.txt', 'a\\*[b]']);
  });

  it('keeps what stands behind the first word as it was typed', () => {
    const parsed = parseText(' queue  mget *.txt "a*" | cat; "queue" a &;ls');
    const rests = 'statements' in parsed && parsed.statements.map((one) => (one.kind === 'command' ? one.rest : ''));
    expect(rests).toEqual(['mget *.txt "a*" | cat', 'a', '']);
  });

  it('keeps what was typed for the list of jobs', () => {
    const parsed = parseText('  get "a b" x & ls');
    expect('statements' in parsed && parsed.statements.map(({ source }) => source)).toEqual(['get "a b" x', 'ls']);
  });

  it('reads what quoteWord makes as the one word it was made of', () => {
    for (const name of ['a', 'a b', '"', '\\', "'", ';', '&', '#', '!', '*?[x]', 'ä ö', '-r', '$HOME', '|', '']) {
      expect(read(`rm x${quoteWord(name)}`))
        .withContext(name)
        .toEqual([['rm', `x${name}`]]);
      expect(read(`rm ${quoteWord(name)}`))
        .withContext(name)
        .toEqual([['rm', name]]);
    }
  });
});
