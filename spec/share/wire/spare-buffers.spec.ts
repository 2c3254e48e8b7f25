import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Bytes } from '../../../lib/share/wire/message.ts';
import type { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { SpareBuffers } from '../../../lib/share/wire/spare-buffers.ts';
import { bytesOf, greeted } from './peer-bytes.ts';

const MOST = wireLimits.dataBytes;

function content(filler: number, size = MOST): Bytes {
  return { kind: 'bytes', request: filler, first: 0, codec: 'none', size, data: Buffer.alloc(size, filler) };
}

/** What a reader hears that receives into its own space, so many bytes at a time at the most. */
function* received(
  reader: MessageReader,
  bytes: Buffer,
  most: number,
): Iterable<ReturnType<MessageReader['filled']>[0]> {
  for (let at = 0; at < bytes.length; ) {
    const { space } = reader;
    const taken = bytes.copy(space, 0, at, Math.min(at + most, at + space.length));
    at += taken;
    yield* reader.filled(space.subarray(0, taken));
  }
}

describe('SpareBuffers', () => {
  it('lends what was given back, and nothing that was not', () => {
    const spare = new SpareBuffers(10, 2);
    const [first, second] = [spare.lend(10), spare.lend(4)];
    expect(first.bytes.buffer === second.bytes.buffer).toBe(false);
    first.release();
    expect(spare.lend(3).bytes.buffer === first.bytes.buffer).toBe(true);
  });

  it('are given back once, however often somebody says so', () => {
    const spare = new SpareBuffers(10, 2);
    const { release } = spare.lend(10);
    release();
    release();
    const [one, other] = [spare.lend(1), spare.lend(1)];
    expect(one.bytes.buffer === other.bytes.buffer).toBe(false);
  });

  it('are kept in small number, and have only so many bytes', () => {
    const spare = new SpareBuffers(10, 1);
    const lent = [spare.lend(1), spare.lend(1)];
    for (const { release } of lent) release();
    spare.lend(1);
    expect(lent.some(({ bytes }) => bytes.buffer === spare.lend(1).bytes.buffer)).toBe(false);
    expect(() => spare.lend(11)).toThrowError(RangeError, /11 bytes/);
  });
});

describe('MessageReader that receives into its own space', () => {
  const said = [content(1), content(2, 100), content(3), content(4, 70_000), content(5)];
  const bytes = Buffer.concat(said.flatMap(bytesOf));

  for (const most of [1000, 65_536, MOST]) {
    it(`hears what was said, ${most} bytes at a time`, () => {
      const heard = [...received(greeted(), bytes, most)];
      expect(heard.map((message) => message?.kind === 'bytes' && message.request)).toEqual([1, 2, 3, 4, 5]);
      for (const message of heard) {
        if (message?.kind !== 'bytes') continue;
        expect(message.data.length).toBe(message.size);
        expect(message.data.every((byte) => byte === message.request)).toBe(true);
      }
    });
  }

  it('receives a content where it is put together, and the next one there as soon as it is released', () => {
    const heard: Bytes[] = [];
    for (const message of received(greeted(), bytes, MOST)) {
      if (message?.kind === 'bytes') heard.push(message);
      if (message?.kind === 'bytes' && message.request !== 3) message.release?.();
    }
    const [first, , third, fourth, fifth] = heard.map(({ data }) => data.buffer);
    expect([first === third, third === fourth, fourth === fifth]).toEqual([true, false, true]);
    // Nobody wrote over the one that was not released.
    expect(heard[2]?.data.every((byte) => byte === 3)).toBe(true);
  });

  it('takes what was put where it was asked for, also when other bytes were pushed meanwhile', () => {
    const reader = greeted();
    const all = bytesOf(content(7));
    const { space } = reader;
    reader.push(all.subarray(0, 1000));
    const taken = all.copy(space, 0, 1000, 2000);
    reader.filled(space.subarray(0, taken));
    const [message] = received(reader, all.subarray(2000), MOST);
    expect(message?.kind === 'bytes' && message.data.every((byte) => byte === 7)).toBe(true);
  });
});
