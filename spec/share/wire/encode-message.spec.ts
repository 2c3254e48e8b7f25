import { encodeMessage } from '../../../lib/share/wire/encode-message.ts';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import { bytesOf, chunkList, entriesOf, fileOf, fileOfChunks, HELLO, heard, told } from './peer-bytes.ts';

const ID = 'ab'.repeat(32);

describe('encodeMessage', () => {
  it('copies no long contents', () => {
    const data = Buffer.alloc(70_000);
    expect(encodeMessage({ kind: 'bytes', request: 1, first: 0, codec: 'none', size: 70_000, data }).at(-1)).toBe(data);
    const bytes = Buffer.alloc(30_000);
    expect(encodeMessage(entriesOf(told({ content: fileOf(bytes), bytes })))).toContain(bytes);
    const content = fileOfChunks(Array<number>(1000).fill(5));
    expect(content.chunks && encodeMessage(entriesOf(told({ content })))).toContain(content.chunks ?? data);
  });

  it('puts a small message into one part', () => {
    expect(encodeMessage({ kind: 'ping', token: 2 ** 40 }).length).toBe(1);
    expect(encodeMessage(entriesOf(told(), told({ number: 2 }))).length).toBe(1);
  });

  it('puts many entries into few parts', () => {
    const entries = Array.from({ length: 9_000 }, (_, index) => told({ number: index + 1 }));
    expect(encodeMessage(entriesOf(...entries)).length).toBeLessThan(20);
  });

  it('cuts what is only for people where it is too long, between two letters', () => {
    const bye = { kind: 'bye', reason: 'refused' } as const;
    expect(heard({ ...bye, text: `${'a'.repeat(254)}äb` })).toEqual({ ...bye, text: 'a'.repeat(254) });
    expect(heard({ ...bye, text: `${'a'.repeat(253)}äb` })).toEqual({ ...bye, text: `${'a'.repeat(253)}ä` });
    expect(bytesOf({ ...HELLO, name: 'a'.repeat(999) }).length).toBeLessThan(wireLimits.firstFrameBytes);
  });

  for (const number of [-1, 0.5, 2 ** 53, Number.NaN]) {
    it(`does not tell the number ${number}`, () => {
      expect(() => bytesOf({ kind: 'settled', upTo: number })).toThrowError(RangeError, /cannot be told/);
    });
  }

  for (const id of ['', 'ab', `${ID}ab`, 'xy'.repeat(32), `${ID.slice(2)}xy`]) {
    it(`does not tell the id ${id.slice(-8)} of ${id.length} digits`, () => {
      expect(() => bytesOf({ kind: 'ask', request: 1, id, first: 0, count: 1 })).toThrowError(
        RangeError,
        /not 32 bytes/,
      );
    });
  }

  it('does not tell a text whose length has no room', () => {
    expect(() => bytesOf(entriesOf(told({ path: 'a'.repeat(65_536) })))).toThrowError(RangeError, /too long/);
    expect(() => bytesOf(entriesOf(told({ path: 'ä'.repeat(40_000) })))).toThrowError(RangeError);
  });

  it('does not tell more than a frame can hold', () => {
    const chunks = chunkList(Array<number>(120_000).fill(1));
    expect(() => bytesOf({ kind: 'draft-chunks', draft: ID, chunks })).toThrowError(RangeError, /4200032 bytes/);
  });
});
