import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Message } from '../../../lib/share/wire/message.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { messageTypes } from '../../../lib/share/wire/message-types.ts';
import { WireError } from '../../../lib/share/wire/wire-error.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { bytesOf, frame, greeted, HELLO, heard } from './peer-bytes.ts';

const PING = frame(messageTypes.ping, Buffer.from([7]));
const MOST = wireLimits.bodyBytes;
const MIB = 2 ** 20;

function inPieces(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    Uint8Array.from(bytes.subarray(index * size, (index + 1) * size)),
  );
}

/** What is said of the first bytes of a connection. */
function first(bytes: Uint8Array): Message | undefined | string {
  try {
    return new MessageReader({ clock: new ManualClock() }).push(bytes)[0];
  } catch (error) {
    return error instanceof WireError ? `${error.code}: ${error.message}` : String(error);
  }
}

/** A hello with other fields. */
function hello({ mark = 'LEFT', port = 21700, codecs = 1, name = Buffer.from('machine'), after = '' }): Uint8Array {
  const fixed = Buffer.from([...Buffer.from(mark), 0, 1, ...Buffer.alloc(8), port >> 8, port, codecs, 0, name.length]);
  return frame(messageTypes.hello, Buffer.concat([fixed, name, Buffer.from(after)]));
}

describe('MessageReader', () => {
  it('gives messages out as soon as they are whole', () => {
    const reader = greeted();
    expect(reader.push(PING.subarray(0, 6))).toEqual([]);
    expect(reader.push(Buffer.concat([PING.subarray(6), PING, PING.subarray(0, 1)])).length).toBe(2);
    expect(reader.push(PING.subarray(1))).toEqual([{ kind: 'ping', token: 7 }]);
  });

  it('leaves out what it does not know and may leave out, however it comes', () => {
    const later = frame(99, Buffer.alloc(70_000), { flags: 1 });
    const reader = greeted();
    const pieces = inPieces(Buffer.concat([later, PING, later, PING]), 10_000);
    expect(pieces.flatMap((piece) => reader.push(piece)).map(({ kind }) => kind)).toEqual(['ping', 'ping']);
  });

  it('sets nothing aside for what it leaves out', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 50 }, greeted);
    for (const reader of readers) reader.push(frame(99, Buffer.alloc(1), { flags: 1, length: MOST }));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST);
  });

  it('sets nothing aside for what is too long', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const length of [MOST + 1, 2 ** 31, 2 ** 32 - 1]) {
      expect(heard(frame(messageTypes.entries, Buffer.of(), { length }))).toBe('E_PROTOCOL: A message is too long');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST);
  });

  it('waits for a message of the greatest length', () => {
    expect(heard(frame(messageTypes.entries, Buffer.of(), { length: MOST }))).toBe('nothing yet');
  });

  it('refuses a type that it does not know, unless it may leave it out', () => {
    expect(heard(frame(99, Buffer.of()))).toBe('E_PROTOCOL: A message is of a type that is not known');
    expect(heard(frame(0, Buffer.of()))).toBe('E_PROTOCOL: A message is of a type that is not known');
    expect(heard(frame(messageTypes.ping, Buffer.of(7), { flags: 1 }))).toEqual({ kind: 'ping', token: 7 });
  });

  it('refuses flags that nobody knows yet', () => {
    const why = 'E_PROTOCOL: A message has flags that are not known';
    expect(heard(frame(99, Buffer.of(), { flags: 3 }))).toBe(why);
    expect(heard(frame(messageTypes.ping, Buffer.of(7), { flags: 128 }))).toBe(why);
  });

  it('takes nothing any more after something that is not allowed', () => {
    const reader = greeted();
    const refusal = 'A message is of a type that is not known';
    expect(() => reader.push(Buffer.concat([PING, frame(99, Buffer.of())]))).toThrowError(WireError, refusal);
    expect(() => reader.push(PING)).toThrowError(WireError, refusal);
  });

  it('copies nothing of a message that comes in one piece', () => {
    const piece = bytesOf({ kind: 'bytes', request: 1, first: 0, codec: 'none', size: MIB, data: Buffer.alloc(MIB) });
    const [message] = greeted().push(piece);
    expect(message?.kind === 'bytes' && message.data.buffer === piece.buffer).toBeTrue();
  });

  it('copies a message that comes in pieces once', () => {
    const whole = bytesOf({
      kind: 'bytes',
      request: 1,
      first: 0,
      codec: 'none',
      size: MIB,
      data: Buffer.alloc(MIB, 7),
    });
    const pieces = inPieces(whole, 65_536);
    const reader = greeted();
    const before = process.memoryUsage().arrayBuffers;
    const [message] = pieces.flatMap((piece) => reader.push(piece));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1.5 * MIB);
    expect(message?.kind === 'bytes' && Buffer.alloc(MIB, 7).equals(message.data)).toBeTrue();
  });
});

describe('The first message of a peer', () => {
  it('is a hello, and there is one', () => {
    expect(first(bytesOf(HELLO))).toEqual(HELLO);
    expect(heard(HELLO)).toBe('E_PROTOCOL: A peer says hello twice');
  });

  it('may say at once why there will be no other', () => {
    expect(first(bytesOf({ kind: 'bye', reason: 'refused', text: 'no' }))).toEqual({
      kind: 'bye',
      reason: 'refused',
      text: 'no',
    });
  });

  it('may say more than is known today', () => {
    expect(first(hello({ codecs: 0xff, after: 'more' }))).toEqual({
      ...{ kind: 'hello', protocol: 1, replica: '0'.repeat(16), port: 21700 },
      ...{ name: 'machine', codecs: ['brotli', 'zstd'] },
    });
  });

  const foreign = 'E_FOREIGN: Who is at the other end is no peer of a share';
  for (const [what, bytes, why] of [
    ['another message', PING, foreign],
    ['a message that nobody knows', frame(99, Buffer.of(), { flags: 1 }), foreign],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), foreign],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), foreign],
    ['a hello without its mark', hello({ mark: 'left' }), foreign],
    ['a hello that is too short', frame(messageTypes.hello, Buffer.of(1)), foreign],
    [
      'TLS',
      Buffer.from('160301020001000001fc0303', 'hex'),
      'E_FOREIGN: Who is at the other end speaks TLS: one of the two has --encryption no',
    ],
  ] as const) {
    it(`is not ${what}`, () => {
      expect(first(bytes)).toBe(why);
    });
  }

  it(`has at most ${wireLimits.firstFrameBytes} bytes`, () => {
    const after = (bytes: number) => hello({ after: 'x'.repeat(bytes - hello({}).length) });
    expect(typeof first(after(512))).toBe('object');
    expect(first(after(513))).toBe(foreign);
  });

  it('tells a name that can be shown, and is short', () => {
    expect(typeof first(hello({ name: Buffer.alloc(255, 'a') }))).toBe('object');
    expect(first(hello({ name: Buffer.from('a\x1b[2J') }))).toBe(
      'E_PROTOCOL: The name of a peer holds control characters',
    );
    expect(first(hello({ name: Buffer.from('ä', 'latin1') }))).toBe('E_PROTOCOL: A text is not UTF-8');
    const long = bytesOf({ ...HELLO, name: 'a'.repeat(255) });
    long.writeUInt16BE(256, long.length - 257);
    expect(first(long)).toBe('E_PROTOCOL: A text is too long');
  });

  it('tells a port', () => {
    expect(typeof first(hello({ port: 65_535 }))).toBe('object');
    expect(first(hello({ port: 0 }))).toBe('E_PROTOCOL: A peer listens on port 0');
  });
});
