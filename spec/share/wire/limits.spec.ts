import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Message } from '../../../lib/share/wire/message.ts';
import { messageTypes } from '../../../lib/share/wire/message-types.ts';
import { chunkList, frame, heard } from './peer-bytes.ts';

const ID = 'ab'.repeat(32);
const LONGEST_NUMBER = Buffer.from('ffffffffffffff0f', 'hex');

/** What is the most, or the least, that a peer may say; and what is beyond. */
interface Limit {
  readonly of: string;
  readonly allowed: Message | Uint8Array;
  readonly beyond: Message | Uint8Array;
  readonly why: string;
}

const ask = (first: number, count: number): Message => ({ kind: 'ask', request: 1, id: ID, first, count });
const bytes = (data: number, size = data, codec: 'none' | 'brotli' = 'none', first = 0): Message => ({
  kind: 'bytes',
  request: 1,
  first,
  codec,
  size,
  data: new Uint8Array(data),
});
const draft = (size: Uint8Array, path: string): Uint8Array => {
  const length = Buffer.from([0, path.length]);
  return frame(messageTypes.draft, Buffer.concat([Buffer.from(ID, 'hex'), size, length, Buffer.from(path)]));
};
const draftChunks = (chunks: Uint8Array): Message => ({ kind: 'draft-chunks', draft: ID, chunks });
const bye = (reason: number, text: Uint8Array): Uint8Array =>
  frame(messageTypes.bye, Buffer.concat([Buffer.from([reason, 0, text.length]), text]));
const settled = (...number: number[]): Uint8Array => frame(messageTypes.settled, Buffer.from(number));
const draftEnd = (flag: number): Uint8Array =>
  frame(messageTypes['draft-end'], Buffer.concat([Buffer.alloc(32), Buffer.from([flag])]));
const packed = (codec: number): Uint8Array => frame(messageTypes.bytes, Buffer.from([1, 0, codec, 1, 7]));

const MOST = wireLimits.dataBytes;

const limits: readonly Limit[] = [
  {
    of: 'a number',
    allowed: frame(messageTypes.settled, LONGEST_NUMBER),
    beyond: frame(messageTypes.settled, Buffer.from('8080808080808010', 'hex')),
    why: 'A number is above 2^53 - 1',
  },
  {
    of: 'the bytes of a number',
    allowed: settled(0x80, 0x01),
    beyond: settled(...Array<number>(9).fill(0x80), 0x01),
    why: 'A number is above 2^53 - 1',
  },
  {
    of: 'a number without an end',
    allowed: settled(1),
    beyond: settled(...Array<number>(200).fill(0x80), 0x01),
    why: 'A number is above 2^53 - 1',
  },
  {
    of: 'the form of a number',
    allowed: settled(0),
    beyond: settled(0x80, 0),
    why: 'A number is longer than it needs to be',
  },
  { of: 'the end of a field', allowed: settled(1), beyond: settled(0x81), why: 'A message ends before its last field' },
  {
    of: 'the end of a message',
    allowed: settled(1),
    beyond: settled(1, 2),
    why: 'A message goes on behind its last field',
  },
  { of: 'chunks to ask for, at least', allowed: ask(0, 1), beyond: ask(0, 0), why: 'Nothing is asked for' },
  {
    of: 'chunks to ask for, at most',
    allowed: ask(1, wireLimits.chunks - 1),
    beyond: ask(2, wireLimits.chunks - 1),
    why: 'More chunks are asked for than a file can have',
  },
  { of: 'unpacked bytes', allowed: bytes(MOST), beyond: bytes(MOST + 1), why: 'Bytes are too many for one message' },
  {
    of: 'bytes that are said to be packed small',
    allowed: bytes(9, MOST, 'brotli'),
    beyond: bytes(9, MOST + 1, 'brotli'),
    why: 'Bytes are too many for one message',
  },
  {
    of: 'bytes that are not packed',
    allowed: bytes(9, 9),
    beyond: bytes(9, 10),
    why: 'Bytes are not as many as they are said to be',
  },
  {
    of: 'packed bytes',
    allowed: bytes(10 + wireLimits.packedExcessBytes, 10, 'brotli'),
    beyond: bytes(11 + wireLimits.packedExcessBytes, 10, 'brotli'),
    why: 'Bytes are longer packed than unpacked',
  },
  {
    of: 'the place of bytes',
    allowed: bytes(1, 1, 'none', wireLimits.chunks - 1),
    beyond: bytes(1, 1, 'none', wireLimits.chunks),
    why: 'A chunk comes that no file can have',
  },
  { of: 'packings', allowed: packed(2), beyond: packed(3), why: 'Bytes are packed in a way that is not known' },
  {
    of: 'the size of a draft',
    allowed: draft(LONGEST_NUMBER, 'a'),
    beyond: draft(Buffer.from('8080808080808010', 'hex'), 'a'),
    why: 'A number is above 2^53 - 1',
  },
  {
    of: 'the path of a draft',
    allowed: draft(Buffer.of(1), '.a'),
    beyond: draft(Buffer.of(1), '..'),
    why: 'A path holds the name . or ..',
  },
  {
    of: 'chunks of a draft, at least',
    allowed: draftChunks(chunkList([1])),
    beyond: draftChunks(new Uint8Array()),
    why: 'A draft is told no chunks',
  },
  {
    of: 'chunks of a draft, at most',
    allowed: draftChunks(chunkList(Array<number>(wireLimits.chunks).fill(1))),
    beyond: draftChunks(chunkList(Array<number>(wireLimits.chunks + 1).fill(1))),
    why: 'A list of chunks is too long',
  },
  {
    of: 'the end of a list of chunks',
    allowed: draftChunks(chunkList([5, 6])),
    beyond: draftChunks(chunkList([5, 6]).subarray(1)),
    why: 'A list of chunks ends within one',
  },
  {
    of: 'a chunk, at least',
    allowed: draftChunks(chunkList([1])),
    beyond: draftChunks(chunkList([7, 0])),
    why: 'A chunk is empty',
  },
  {
    of: 'a chunk, at most',
    allowed: draftChunks(chunkList([wireLimits.chunkBytes])),
    beyond: draftChunks(chunkList([wireLimits.chunkBytes + 1])),
    why: 'A chunk is too large',
  },
  { of: 'yes and no', allowed: draftEnd(0), beyond: draftEnd(2), why: 'What is to be 0 or 1 is neither' },
  {
    of: 'reasons to go',
    allowed: bye(4, Buffer.of()),
    beyond: bye(5, Buffer.of()),
    why: 'A peer goes for a reason that is not known',
  },
  {
    of: 'the text of a reason',
    allowed: bye(0, Buffer.alloc(wireLimits.reasonBytes, 'a')),
    beyond: frame(messageTypes.bye, Buffer.concat([Buffer.from([0, 1, 0]), Buffer.alloc(256, 'a')])),
    why: 'A text is too long',
  },
  {
    of: 'letters',
    allowed: bye(0, Buffer.from('ä')),
    beyond: bye(0, Buffer.from('ä', 'latin1')),
    why: 'A text is not UTF-8',
  },
];

describe('A peer that goes beyond a limit', () => {
  for (const { of, allowed, beyond, why } of limits) {
    it(`is refused: ${of}`, () => {
      expect(typeof heard(allowed)).toBe('object');
      expect(heard(beyond)).toBe(`E_PROTOCOL: ${why}`);
    });
  }
});
