import { FtpError } from '../../lib/ftp/ftp-error.ts';
import { formatReply, type Reply, ReplyParser } from '../../lib/ftp/reply.ts';

describe('formatReply', () => {
  it('makes one line of one text', () => {
    expect(formatReply(200, 'OK')).toBe('200 OK\r\n');
  });

  it('begins and ends several lines with the code, and puts a blank before those in between', () => {
    expect(formatReply(211, ['Features:', 'SIZE', '211 trap', 'End'])).toBe(
      '211-Features:\r\n SIZE\r\n 211 trap\r\n211 End\r\n',
    );
  });

  it('lets no text forge a line', () => {
    expect(formatReply(257, '"/a\r\n226 x\0" made')).toBe('257 "/a??226 x?" made\r\n');
  });

  it('takes no text at all for an empty one', () => {
    expect(formatReply(200, [])).toBe('200 \r\n');
  });
});

describe('ReplyParser', () => {
  const texts: readonly (readonly [string, string, readonly Reply[]])[] = [
    ['one line', '220 ready\r\n', [{ code: 220, lines: ['ready'] }]],
    ['a bare code', '200\r\n', [{ code: 200, lines: [''] }]],
    [
      'line ends without CR',
      '220 ready\n331 go\n',
      [
        { code: 220, lines: ['ready'] },
        { code: 331, lines: ['go'] },
      ],
    ],
    [
      'two replies in one piece',
      '250 a\r\n213 b\r\n',
      [
        { code: 250, lines: ['a'] },
        { code: 213, lines: ['b'] },
      ],
    ],
    ['several lines', '211-F\r\n SIZE\r\n211 End\r\n', [{ code: 211, lines: ['F', ' SIZE', 'End'] }]],
    ['the code before every line', '220-a\r\n220-b\r\n220 c\r\n', [{ code: 220, lines: ['a', 'b', 'c'] }]],
    [
      'the end code of another reply within',
      '211-F\r\n226 no end\r\n2110 neither\r\n211 End\r\n',
      [{ code: 211, lines: ['F', '226 no end', '2110 neither', 'End'] }],
    ],
    ['a bare code as the end', '214-H\r\n214\r\n', [{ code: 214, lines: ['H', ''] }]],
    ['an empty line between replies', '\r\n220 a\r\n', [{ code: 220, lines: ['a'] }]],
    ['an empty line within a reply', '220-a\r\n\r\n220 b\r\n', [{ code: 220, lines: ['a', '', 'b'] }]],
    ['blanks at the ends of a text', '257  "a" \r\n', [{ code: 257, lines: [' "a" '] }]],
  ];

  for (const [what, text, replies] of texts) {
    it(`reads ${what}, cut anywhere`, () => {
      for (let cut = 0; cut <= text.length; cut += 1) {
        const parser = new ReplyParser();
        expect([...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))]).toEqual([...replies]);
      }
    });
  }

  it('knows whether a reply has begun', () => {
    const parser = new ReplyParser();
    expect(parser.isWithinReply).toBeFalse();
    parser.feed('2');
    expect(parser.isWithinReply).toBeTrue();
    parser.feed('11-F\r\n');
    expect(parser.isWithinReply).toBeTrue();
    parser.feed('211 End\r\n');
    expect(parser.isWithinReply).toBeFalse();
  });

  for (const text of ['hello\r\n', '2x0 a\r\n', '799 a\r\n', '099 a\r\n', '2200 a\r\n', ' 220 a\r\n']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => new ReplyParser().feed(text)).toThrowMatching(isFtpError('E_MALFORMED'));
    });
  }

  it('refuses a line without an end', () => {
    expect(() => new ReplyParser(100).feed('220 '.padEnd(101, 'x'))).toThrowMatching(isFtpError('E_TOO_LONG'));
  });

  it('refuses a reply without an end, empty lines included', () => {
    const parser = new ReplyParser(100);
    parser.feed('220-a\r\n');
    expect(() => parser.feed('\r\n'.repeat(101))).toThrowMatching(isFtpError('E_TOO_LONG'));
  });

  it('counts each reply by itself', () => {
    const parser = new ReplyParser(20);
    for (let count = 0; count < 100; count += 1) expect(parser.feed('220-a\r\n220 b\r\n').length).toBe(1);
  });
});

function isFtpError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof FtpError && error.code === code;
}
