import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Message } from '../../../lib/share/wire/message.ts';
import { MessageReader } from '../../../lib/share/wire/message-reader.ts';
import { messageTypes } from '../../../lib/share/wire/message-types.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { hellos, messages } from './messages.ts';
import { bytesOf, NOW } from './peer-bytes.ts';

/** In pieces that end at some places, in the order in which they come; none of them a Buffer. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => Uint8Array.from(bytes.subarray(places[index], end)));
}

/** Without the difference between bytes and a view of a buffer, and without whose memory it is. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const said = Object.entries(value).filter(([key]) => key !== 'release');
  return Object.fromEntries(said.map(([key, inner]) => [key, plain(inner)]));
}

describe('What a peer says', () => {
  const conversation = fc.tuple(hellos, fc.array(messages, { maxLength: 8 })).map(([hello, more]) => [hello, ...more]);

  it('is what another one hears, in whatever pieces it comes', () => {
    const property = fc.property(conversation, fc.array(fc.nat(), { maxLength: 40 }), (said, cuts) => {
      const reader = new MessageReader({ clock: new ManualClock(NOW) });
      const heard = pieces(Buffer.concat(said.map(bytesOf)), cuts).flatMap((piece) => reader.push(piece));
      if (!isDeepStrictEqual(plain(heard), plain(said))) throw new Error('something else was heard');
    });
    expect(fc.defaultReportMessage(fc.check(property, { numRuns: 300 })) ?? 'all the same').toBe('all the same');
  });

  it('was of every kind in that', () => {
    const kinds = fc.sample(fc.oneof(hellos, messages), { seed: 1, numRuns: 500 }).map(({ kind }: Message) => kind);
    expect([...new Set(kinds)].sort()).toEqual(Object.keys(messageTypes).sort() as Message['kind'][]);
  });

  it('is the same when every byte comes for itself', () => {
    for (const said of fc.sample(conversation, { seed: 2, numRuns: 20 })) {
      const reader = new MessageReader({ clock: new ManualClock(NOW) });
      const bytes = Buffer.concat(said.map(bytesOf));
      const heard = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
      expect(plain(heard)).toEqual(plain(said));
    }
  });
});
