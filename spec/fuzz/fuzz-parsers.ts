import { Readable } from 'node:stream';
import { CodedError } from '../../lib/base/coded-error.ts';
import { parseExtendedPassive, parseExtendedPort, parsePassive, parsePort } from '../../lib/ftp/address.ts';
import { NetworkLines, toNetworkLines } from '../../lib/ftp/ascii.ts';
import { parseRang, splitRange } from '../../lib/ftp/byte-range.ts';
import { parseHashName } from '../../lib/ftp/hash-names.ts';
import { parseList, parseMlsd } from '../../lib/ftp/listing.ts';
import { parseSite } from '../../lib/ftp/parse-site.ts';
import { formatReply, ReplyParser } from '../../lib/ftp/reply.ts';
import { parseRequest, type RequestLine, RequestReader } from '../../lib/ftp/request.ts';
import { formatTime, parseTime } from '../../lib/ftp/time.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { mutated } from './mutate.ts';

/** A parser with texts it understands, and what holds of whatever it makes of any text. */
interface Target {
  readonly name: string;
  readonly samples: readonly string[];
  /** @returns what is wrong, `undefined` for nothing */
  readonly check: (text: string, random: SeededRandom) => string | undefined | Promise<string | undefined>;
}

const isPort = (port: number) => Number.isInteger(port) && port > 0 && port < 65_536;

const listing = (parse: typeof parseList) => (text: string) => {
  const { entries } = parse(text);
  const bad = entries.find(({ name, size }) => name === '' || /[/\0\n]/.test(name) || !Number.isSafeInteger(size));
  return bad === undefined ? undefined : `an entry ${JSON.stringify(bad)}`;
};

const targets: readonly Target[] = [
  {
    name: 'parsePort',
    samples: ['127,0,0,1,4,1', '192,168,0,255,255,255'],
    check: (text) => (isPort(parsePort(text).port) ? undefined : 'a port out of range'),
  },
  {
    name: 'parsePassive',
    samples: ['Entering Passive Mode (127,0,0,1,4,1)', 'Entering Passive Mode 127,0,0,1,4,1.'],
    check: (text) => (isPort(parsePassive(text).port) ? undefined : 'a port out of range'),
  },
  {
    name: 'parseExtendedPassive',
    samples: ['Entering Extended Passive Mode (|||1025|)', '(!!!9!)'],
    check: (text) => (isPort(parseExtendedPassive(text)) ? undefined : 'a port out of range'),
  },
  {
    name: 'parseExtendedPort',
    samples: ['|1|127.0.0.1|1025|', '|2|::1|65535|', '!2!fe80::1!80!'],
    check: (text) => (isPort(parseExtendedPort(text).port) ? undefined : 'a port out of range'),
  },
  {
    name: 'parseMlsd',
    samples: [
      'type=file;size=5;modify=20260502030405.006;perm=r;unique=1U2; a\r\ntype=dir; b; c\r\n',
      'type=OS.unix=slink:/a; l\r\ntype=cdir;; .\r\n',
    ],
    check: listing(parseMlsd),
  },
  {
    name: 'parseList',
    samples: [
      'total 8\r\n-rw-r--r--   1 ftp      ftp                 5 May 02 03:04  a; b\r\n',
      'lrwxrwxrwx 1 a b 1 Jan  1  2020 l -> t\r\ncrw-rw-rw- 1 root root 1, 3 2020-01-01 10:00 null\r\n',
    ],
    check: listing(parseList),
  },
  {
    name: 'parseTime',
    samples: ['20260102030405', '20260102030405.678', '00000101000000', '99991231235959.999'],
    check: (text) => {
      const ms = parseTime(text);
      return ms === undefined || parseTime(formatTime(ms)) === ms ? undefined : 'a time that does not come back';
    },
  },
  {
    name: 'parseRang',
    samples: ['0 49', '1 0', '5000000000 6000000000'],
    check: (text) => {
      const { start = 0, end } = parseRang(text) ?? {};
      return end === undefined || end > start ? undefined : 'a range that ends before it begins';
    },
  },
  {
    name: 'splitRange',
    samples: ['a b 3 40', '"a b" 40', '"a"'],
    check: (text) => (splitRange(text)?.path === '' ? 'an empty path' : undefined),
  },
  { name: 'parseHashName', samples: ['SHA-256', 'md5'], check: (text) => void parseHashName(text) },
  {
    name: 'parseSite',
    samples: ['localhost,steve, "a, b",test,21', 'ftpes://steve:p%40ss@[::1]:990/a%2fb', 'ftp://example.com'],
    check: (text) => {
      const parsed = parseSite(text);
      return 'parts' in parsed && !isPort(parsed.parts.port) ? 'a port out of range' : undefined;
    },
  },
  {
    name: 'ReplyParser',
    samples: ['220-hello\r\n there\r\n220 end\r\n', '213 5\r\n250-x\r\n type=file; a\r\n250 y\r\n'],
    check: (text, random) => {
      const whole = read(new ReplyParser(20_000), [text]);
      const cut = read(new ReplyParser(20_000), pieces(text, random));
      return whole === cut ? undefined : `other replies when it is cut: ${whole.slice(0, 99)} and ${cut.slice(0, 99)}`;
    },
  },
  {
    name: 'formatReply',
    samples: ['a name', '226 done'],
    check: (text) => {
      const made = formatReply(250, ['What is known', text, 'End']);
      return new ReplyParser(1e6).feed(made).length === 1 ? undefined : 'more than one reply';
    },
  },
  {
    name: 'RequestReader',
    samples: [
      'USER steve\r\nPASS a b\r\n',
      '\xff\xf4\xff\xf2ABOR\r\nNOOP\n',
      'STOR \xf0\x9f\x90\x9a\r\n\xff\xfb\x01PWD\r\n',
    ],
    check: (text, random) => {
      // What a cut decides: the urgent ABOR has no end.
      if (/ABOR\r(?!\n)/i.test(text)) return undefined;
      const whole = requestsOf([text]);
      const cut = requestsOf(pieces(text, random));
      return whole === cut ? undefined : `other lines when it is cut: ${whole.slice(0, 99)} and ${cut.slice(0, 99)}`;
    },
  },
  {
    name: 'NetworkLines',
    samples: ['one\r\ntwo\r\n\r\r\nx\ry', '\r'],
    check: async (text, random) => {
      const cut = pieces(text, random).map((piece) => Buffer.from(piece, 'latin1'));
      const sent = await joined(toNetworkLines(Readable.from(cut)));
      const lines = new NetworkLines();
      return Buffer.concat([lines.take(sent), lines.rest()]).equals(Buffer.concat(cut))
        ? undefined
        : 'a text that does not come back';
    },
  },
];

// Far more than any of them needs for one text, also on a machine that has other things to do.
const MOST_MS = 2_000;

/**
 * Give every parser texts that are nearly right.
 *
 * @param rounds texts for each of them
 * @returns what went wrong, with the text
 */
export async function fuzzParsers(rounds: number, seed: number): Promise<readonly string[]> {
  const wrongs: string[] = [];
  for (const { name, samples, check } of targets) {
    const random = seededRandom(seed);
    for (let round = 0; round < rounds; round += 1) {
      const text = mutated(random.pick(samples), random);
      const began = performance.now();
      const wrong = await outcome(() => check(text, random));
      const took = performance.now() - began;
      if (wrong !== undefined) wrongs.push(`${name}: ${wrong}, of ${JSON.stringify(text.slice(0, 200))}`);
      if (took > MOST_MS) wrongs.push(`${name} took ${took} ms for ${JSON.stringify(text.slice(0, 200))}`);
    }
  }
  return wrongs;
}

/** A refusal has a code: anything else is a fault of the parser. */
async function outcome(run: () => string | undefined | Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    return error instanceof CodedError ? undefined : String(error);
  }
}

function pieces(text: string, random: SeededRandom): readonly string[] {
  const cut: string[] = [];
  for (let at = 0; at < text.length; ) {
    const size = 1 + random.integer(Math.max(1, random.pick([3, 50, 5_000])));
    cut.push(text.slice(at, at + size));
    at += size;
  }
  return cut;
}

/** All replies as one text; from the first error on there are none. */
function read(parser: ReplyParser, chunks: readonly string[]): string {
  const replies: string[] = [];
  try {
    for (const chunk of chunks) replies.push(...parser.feed(chunk).map((reply) => JSON.stringify(reply)));
  } catch (error) {
    // Whole replies of the same piece are lost with it, so that only that it failed can be compared.
    return error instanceof CodedError ? error.code : String(error);
  }
  return replies.join('');
}

function requestsOf(chunks: readonly string[]): string {
  const reader = new RequestReader();
  const lines: RequestLine[] = [];
  for (const chunk of chunks) {
    reader.push(Buffer.from(chunk, 'latin1'));
    for (let line = reader.next(); line !== undefined; line = reader.next()) lines.push(line);
  }
  return lines.map((line) => JSON.stringify(line.kind === 'line' ? parseRequest(line.text) : line)).join('');
}

async function joined(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
