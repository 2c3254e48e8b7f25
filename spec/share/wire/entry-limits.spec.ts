import type { Content } from '../../../lib/share/model/entry.ts';
import type { Counter } from '../../../lib/share/model/version.ts';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Message, ToldEntry } from '../../../lib/share/wire/message.ts';
import { messageTypes } from '../../../lib/share/wire/message-types.ts';
import { bytesOf, entriesOf, fileOf, fileOfChunks, frame, heard, NOW, told } from './peer-bytes.ts';

interface Limit {
  readonly of: string;
  readonly allowed: Message;
  readonly beyond: Message | Uint8Array;
  readonly why: string;
}

const SECOND = NOW / 1000;
const replica = (number: number) => number.toString(16).padStart(16, '0');
const counters = (length: number): readonly Counter[] =>
  Array.from({ length }, (_, index) => ({ replica: replica(index), count: 1 }));
const path = (text: string): Message => entriesOf(told({ path: text }));
const version = (...version: readonly Counter[]): Message => entriesOf(told({ version }));
const content = (content: Content): Message => entriesOf(told({ content }));
const many = (length: number): Message =>
  entriesOf(...Array.from({ length }, (_, index) => told({ number: index + 1 })));
const numbered = (upTo: number, ...numbers: readonly number[]): Message => ({
  ...entriesOf(...numbers.map((number) => told({ number }))),
  upTo,
});

/** An entry of a folder whose path is these bytes. */
function rawPath(bytes: Buffer): Uint8Array {
  const name = 'x'.repeat(bytes.length);
  const message = bytesOf(path(name));
  bytes.copy(message, message.indexOf(name));
  return message;
}

/** A message of one entry, of a folder or of an empty file, with another first byte of that. */
function head(byte: number, type: 'directory' | 'file' = 'directory'): Uint8Array {
  const one = entriesOf(told(type === 'file' ? { content: fileOf(Buffer.of(), { mtimeMs: 0 }) } : {}));
  const message = bytesOf({ ...one, upTo: 1 });
  // After the header: up to 1, all, one entry.
  message[6 + 3] = byte;
  return message;
}

const INLINE = Buffer.alloc(wireLimits.inlineBytes, 'a');
const inline = (content: Content, bytes: Uint8Array): ToldEntry => told({ content, bytes });
const deep = (names: number) => Array<string>(names).fill('a').join('/');
const long = (bytes: number) =>
  [...Array<string>(15).fill('a'.repeat(255)), 'b'.repeat(100), 'c'.repeat(bytes - 3941)].join('/');
const chunked = (sizes: readonly number[], more = {}): Message => content(fileOfChunks(sizes, more));

const limits: readonly Limit[] = [
  { of: 'a path that is empty', allowed: path('a'), beyond: path(''), why: 'A path holds an empty name' },
  { of: 'a path from the root', allowed: path('a/b'), beyond: path('/a/b'), why: 'A path holds an empty name' },
  { of: 'a path with a slash at its end', allowed: path('a'), beyond: path('a/'), why: 'A path holds an empty name' },
  { of: 'a path with two slashes', allowed: path('a/b'), beyond: path('a//b'), why: 'A path holds an empty name' },
  { of: 'a path with .', allowed: path('a/.b'), beyond: path('a/./b'), why: 'A path holds the name . or ..' },
  { of: 'a path with ..', allowed: path('a/..b/...'), beyond: path('a/../b'), why: 'A path holds the name . or ..' },
  {
    of: 'a path that ends with ..',
    allowed: path('a/b..'),
    beyond: path('a/..'),
    why: 'A path holds the name . or ..',
  },
  { of: 'a path with a NUL', allowed: path('a\n'), beyond: path('a\0'), why: 'A path holds a NUL' },
  { of: 'a long path', allowed: path(long(4096)), beyond: path(long(4097)), why: 'A path is too long' },
  {
    of: 'a long name',
    allowed: path(`a/${'ä'.repeat(127)}a/b`),
    beyond: path(`a/${'ä'.repeat(128)}/b`),
    why: 'A path holds a name that is too long',
  },
  { of: 'a deep path', allowed: path(deep(128)), beyond: path(deep(129)), why: 'A path is too deep' },
  {
    of: 'a path that is not UTF-8',
    allowed: path('ä/\u{1f41a}'),
    beyond: rawPath(Buffer.from('a\xc3', 'latin1')),
    why: 'A path is not UTF-8',
  },
  {
    of: 'a slash in a form that is not UTF-8',
    allowed: path('a'),
    beyond: rawPath(Buffer.from('a\xc0\xaf', 'latin1')),
    why: 'A path is not UTF-8',
  },
  {
    of: 'the most chunks',
    allowed: chunked(Array<number>(wireLimits.chunks).fill(1)),
    beyond: chunked(Array<number>(wireLimits.chunks + 1).fill(1)),
    why: 'A list of chunks is too long',
  },
  {
    of: 'the fewest chunks',
    allowed: chunked([1, 1]),
    beyond: chunked([1]),
    why: 'A file of one chunk tells a list of them',
  },
  { of: 'an empty chunk', allowed: chunked([5, 1]), beyond: chunked([5, 0]), why: 'A chunk is empty' },
  {
    of: 'a large chunk',
    allowed: chunked([5, wireLimits.chunkBytes]),
    beyond: chunked([5, wireLimits.chunkBytes + 1]),
    why: 'A chunk is too large',
  },
  {
    of: 'chunks that are longer or shorter than the file',
    allowed: chunked([5, 6]),
    beyond: chunked([5, 6], { size: 12 }),
    why: 'The chunks of a file are not as long as the file',
  },
  {
    of: 'chunks of another content',
    allowed: chunked([5, 6]),
    beyond: chunked([5, 6], { id: '00'.repeat(32) }),
    why: 'The chunks of a file are not those that it is named after',
  },
  {
    of: 'a long file without chunks',
    allowed: content(fileOf(INLINE, { size: wireLimits.chunkBytes })),
    beyond: content(fileOf(INLINE, { size: wireLimits.chunkBytes + 1 })),
    why: 'A file of more than one chunk does not tell them',
  },
  {
    of: 'an empty file with the id of another one',
    allowed: content(fileOf(Buffer.of())),
    beyond: content(fileOf(Buffer.of(), { id: '00'.repeat(32) })),
    why: 'An empty file has the id of another one',
  },
  {
    of: 'the latest time',
    allowed: content(fileOf(INLINE, { mtimeMs: wireLimits.timeMs })),
    beyond: content(fileOf(INLINE, { mtimeMs: wireLimits.timeMs + 1 })),
    why: 'A file is of a time that is none',
  },
  {
    of: 'the earliest time',
    allowed: content(fileOf(INLINE, { mtimeMs: -wireLimits.timeMs })),
    beyond: content(fileOf(INLINE, { mtimeMs: -wireLimits.timeMs - 1 })),
    why: 'A file is of a time that is none',
  },
  {
    of: 'a time that is 0 and below 0',
    allowed: content(fileOf(INLINE, { mtimeMs: -1 })),
    beyond: head(2 | 8, 'file'),
    why: 'A file is of 1970 and of before',
  },
  { of: 'a version of nobody', allowed: version(...counters(1)), beyond: version(), why: 'A version is empty' },
  {
    of: 'many counters',
    allowed: version(...counters(wireLimits.counters)),
    beyond: version(...counters(wireLimits.counters + 1)),
    why: 'A version has too many counters',
  },
  {
    of: 'counters that are not in order',
    allowed: version(...counters(2)),
    beyond: version(...counters(2).toReversed()),
    why: 'The replicas of a version are not in order',
  },
  {
    of: 'two counters of one replica',
    allowed: version(...counters(2)),
    beyond: version(...counters(1), ...counters(1)),
    why: 'The replicas of a version are not in order',
  },
  {
    of: 'a count of 0',
    allowed: version({ replica: replica(1), count: 1 }),
    beyond: version({ replica: replica(1), count: 0 }),
    why: 'A counter of a version is 0',
  },
  {
    of: 'a count from the future',
    allowed: version({ replica: replica(1), count: SECOND + 86_400 }),
    beyond: version({ replica: replica(1), count: SECOND + 86_401 }),
    why: 'A version was made more than a day from now: one of the clocks is wrong',
  },
  {
    of: 'many entries',
    allowed: many(wireLimits.entries),
    beyond: many(wireLimits.entries + 1),
    why: 'A message has too many entries',
  },
  {
    of: 'the number 0',
    allowed: numbered(9, 1),
    beyond: numbered(9, 0),
    why: 'Entries are not in the order of their numbers',
  },
  {
    of: 'numbers that do not rise',
    allowed: numbered(9, 7, 8),
    beyond: numbered(9, 8, 8),
    why: 'Entries are not in the order of their numbers',
  },
  {
    of: 'a number above the last one',
    allowed: numbered(8, 7, 8),
    beyond: numbered(7, 7, 8),
    why: 'An entry has a number above the one that it is told up to',
  },
  {
    of: 'large inline bytes',
    allowed: entriesOf(inline(fileOf(INLINE), INLINE)),
    beyond: entriesOf(inline(fileOf(Buffer.concat([INLINE, Buffer.of(1)])), Buffer.concat([INLINE, Buffer.of(1)]))),
    why: 'A file is too long to go with its entry',
  },
  {
    of: 'inline bytes of a file of chunks',
    allowed: entriesOf(inline(fileOf(INLINE), INLINE)),
    beyond: entriesOf(inline(fileOfChunks([5, 6]), Buffer.alloc(11))),
    why: 'A file is too long to go with its entry',
  },
  {
    of: 'too few inline bytes',
    allowed: entriesOf(inline(fileOf(INLINE), INLINE)),
    beyond: entriesOf(inline(fileOf(INLINE), INLINE.subarray(1))),
    why: 'A message ends before its last field',
  },
  {
    of: 'too many inline bytes',
    allowed: entriesOf(inline(fileOf(Buffer.of()), Buffer.of())),
    beyond: entriesOf(inline(fileOf(Buffer.of()), Buffer.of(1))),
    why: 'A message goes on behind its last field',
  },
  {
    of: 'inline bytes of another content',
    allowed: entriesOf(inline(fileOf(Buffer.of(1)), Buffer.of(1))),
    beyond: entriesOf(inline(fileOf(Buffer.of(1)), Buffer.of(2))),
    why: 'The bytes of a file are not those that it is named after',
  },
  { of: 'types', allowed: path('a'), beyond: head(3), why: 'An entry is of a type that is not known' },
  {
    of: 'the highest bit of a type',
    allowed: path('a'),
    beyond: head(0x81),
    why: 'An entry is of a type that is not known',
  },
  {
    of: 'a folder that can be run',
    allowed: path('a'),
    beyond: head(1 | 4),
    why: 'An entry that is no file says what files say',
  },
  {
    of: 'a deletion with bytes',
    allowed: content({ type: 'deleted' }),
    beyond: head(32),
    why: 'An entry that is no file says what files say',
  },
  {
    of: 'a count of entries that do not come',
    allowed: entriesOf(),
    beyond: frame(messageTypes.entries, Buffer.from([1, 1, 1])),
    why: 'A message ends before its last field',
  },
];

describe('A peer that goes beyond a limit of entries', () => {
  for (const { of, allowed, beyond, why } of limits) {
    it(`is refused: ${of}`, () => {
      expect(typeof heard(allowed)).toBe('object');
      expect(heard(beyond)).toBe(`E_PROTOCOL: ${why}`);
    });
  }
});
