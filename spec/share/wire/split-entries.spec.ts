import { wireLimits } from '../../../lib/share/wire/limits.ts';
import type { Entries, ToldEntry } from '../../../lib/share/wire/message.ts';
import { splitEntries } from '../../../lib/share/wire/split-entries.ts';
import { bytesOf, entriesOf, fileOf, fileOfChunks, heard, told } from './peer-bytes.ts';

const HUGE = fileOfChunks(Array<number>(65_536).fill(40_000));
const INLINE = Buffer.alloc(32 * 1024, 'a');

function many(length: number, entry: (index: number) => Partial<ToldEntry['entry'] & ToldEntry>): Entries {
  return entriesOf(...Array.from({ length }, (_, index) => told({ ...entry(index), number: index + 1 })));
}

describe('splitEntries', () => {
  it('leaves alone what is short', () => {
    const message = entriesOf(told(), told({ number: 2 }));
    expect(splitEntries(message)).toEqual([message]);
    expect(splitEntries(entriesOf())).toEqual([entriesOf()]);
  });

  for (const [what, message] of [
    ['huge files', many(5, (index) => ({ path: `${index}`, content: HUGE }))],
    ['files with their bytes', many(300, (index) => ({ path: `${index}`, content: fileOf(INLINE), bytes: INLINE }))],
    ['long paths', many(3_000, () => ({ path: Array<string>(16).fill('ä'.repeat(127)).join('/') }))],
    ['very many entries', many(25_000, () => ({}))],
    ['two sorts', many(100, (index) => (index === 50 ? { content: HUGE } : {}))],
  ] as const) {
    it(`says the same in messages that others take, of ${what}`, () => {
      const parts = splitEntries(message);
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.flatMap(({ entries }) => entries)).toEqual([...message.entries]);
      expect(parts.filter((part) => typeof heard(part) !== 'object')).toEqual([]);
      expect(parts.filter((part) => part.entries.length > 1 && bytesOf(part).length > 300_000)).toEqual([]);
    });
  }

  it('tells the end with the last part only', () => {
    const parts = splitEntries({ ...many(25_000, () => ({})), upTo: 30_000 });
    expect(parts.map(({ isAll }) => isAll)).toEqual(parts.map((_, index) => index === parts.length - 1));
    expect(parts.at(-1)?.upTo).toBe(30_000);
    expect(parts.slice(0, -1).filter(({ entries, upTo }) => upTo !== entries.at(-1)?.number)).toEqual([]);
  });

  it('fits the largest entry that there can be into a frame', () => {
    const version = Array.from({ length: 64 }, (_, index) => ({ replica: `${index + 10}`.repeat(8), count: 2 ** 30 }));
    const content = fileOfChunks(Array<number>(wireLimits.chunks).fill(1_000_000));
    const path = Array<string>(16).fill('a'.repeat(255)).join('/');
    const [message] = splitEntries(entriesOf(told({ content, version, path, replaced: content.id })));
    expect(message && typeof heard(message)).toBe('object');
  });
});
