import { parseRequest, type RequestLine, RequestReader } from '../../lib/ftp/request.ts';

describe('parseRequest', () => {
  const lines: readonly (readonly [string, string, string])[] = [
    ['NOOP', 'NOOP', ''],
    ['noop', 'NOOP', ''],
    ['CWD a b', 'CWD', 'a b'],
    ['cwd  leading and trailing ', 'CWD', ' leading and trailing '],
    ['STOR ', 'STOR', ''],
    ['', '', ''],
    [' NOOP', '', 'NOOP'],
  ];
  for (const [line, verb, argument] of lines) {
    it(`takes ${JSON.stringify(line)} apart`, () => {
      expect(parseRequest(line)).toEqual({ verb, argument });
    });
  }
});

describe('RequestReader', () => {
  const texts: readonly (readonly [string, Buffer, readonly string[]])[] = [
    ['one line', Buffer.from('NOOP\r\n'), ['NOOP']],
    ['lines that came together', Buffer.from('RNFR a\r\nRNTO b\r\n'), ['RNFR a', 'RNTO b']],
    ['a line end without CR', Buffer.from('NOOP\nSYST\n'), ['NOOP', 'SYST']],
    ['a CR within a line', Buffer.from('MKD a\rb\r\n'), ['MKD a\rb']],
    ['an empty line', Buffer.from('\r\nNOOP\r\n'), ['', 'NOOP']],
    ['names of four-byte characters', Buffer.from('MKD 🐚🐚\r\n'), ['MKD 🐚🐚']],
    ['an abort with Telnet marks', bytes(0xff, 0xf4, 0xff, 0xf2, 'ABOR\r\n'), ['ABOR']],
    ['an abort after what is left of a mark', bytes(0xff, 0xf4, 0xf2, 'abor\r\n'), ['abor']],
    ['a line after a negotiation', bytes(0xff, 0xfd, 0x06, 'NOOP\r\n'), ['NOOP']],
    ['a line after a doubled mark', bytes(0xff, 0xff, 'NOOP\r\n'), ['NOOP']],
    ['a line after a stray mark', bytes(0xff, 'NOOP\r\n'), ['NOOP']],
  ];
  for (const [what, input, lines] of texts) {
    it(`reads ${what}, cut anywhere`, () => {
      for (let cut = 0; cut <= input.length; cut += 1) {
        expect(read(new RequestReader(), input.subarray(0, cut), input.subarray(cut))).toEqual(lines.map(line));
      }
    });
  }

  it('takes ABOR and CR for a line when nothing follows, and swallows an LF that comes late', () => {
    const reader = new RequestReader();
    expect(read(reader, Buffer.from('ABOR\r'))).toEqual([line('ABOR')]);
    expect(read(reader, Buffer.from('\nNOOP\r\n'))).toEqual([line('NOOP')]);
  });

  it('does not wait for the LF that was taken out as urgent data', () => {
    const reader = new RequestReader();
    expect(read(reader, bytes(0xff, 0xf4, 0xff, 0xf2, 'abor\r'))).toEqual([line('abor')]);
    expect(read(reader, Buffer.from('NOOP\r\n'))).toEqual([line('NOOP')]);
  });

  it('tells once of a line that is too long, and reads on behind it', () => {
    const reader = new RequestReader(10);
    expect(read(reader, Buffer.from('x'.repeat(11)), Buffer.from('y'.repeat(50)))).toEqual([{ kind: 'too-long' }]);
    expect(reader.waiting).toBe(0);
    expect(read(reader, Buffer.from('z\r\nNOOP\r\n'))).toEqual([line('NOOP')]);
  });

  it('tells of a line that is too long and whole', () => {
    const input = Buffer.from(`${'x'.repeat(11)}\r\nNOOP\r\n`);
    expect(read(new RequestReader(10), input)).toEqual([{ kind: 'too-long' }, line('NOOP')]);
  });

  it('tells of bytes that are not UTF-8', () => {
    expect(read(new RequestReader(), bytes('MKD ', 0xe4, '\r\nNOOP\r\n'))).toEqual([
      { kind: 'not-utf8' },
      line('NOOP'),
    ]);
  });

  it('gives out lines only when asked', () => {
    const reader = new RequestReader();
    reader.push(Buffer.from('A\r\nB\r\n'));
    expect(reader.next()).toEqual(line('A'));
    expect(reader.waiting).toBe(3);
    reader.push(Buffer.from('C\r\n'));
    expect([reader.next(), reader.next(), reader.next()]).toEqual([line('B'), line('C'), undefined]);
  });
});

function line(text: string): RequestLine {
  return { kind: 'line', text };
}

function bytes(...parts: readonly (number | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
}

function read(reader: RequestReader, ...chunks: readonly Buffer[]): readonly RequestLine[] {
  const lines: RequestLine[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let next = reader.next(); next; next = reader.next()) lines.push(next);
  }
  return lines;
}
