import { InlineBytes } from '../../lib/share/inline-bytes.ts';
import type { ToldEntry } from '../../lib/share/wire/message.ts';

describe('InlineBytes', () => {
  const MIB = 1024 ** 2;
  let inline: InlineBytes;

  beforeEach(() => {
    inline = new InlineBytes();
  });

  function told(name: string, bytes: Uint8Array): ToldEntry {
    const content = { type: 'file', size: bytes.length, id: name, mtimeMs: 0, isExecutable: false } as const;
    return { entry: { path: name, content, version: [] }, number: 1, bytes };
  }

  function keep(...entries: readonly ToldEntry[]): void {
    inline.during(entries, () => undefined);
  }

  /** Bytes that stay in memory for what is kept of these. */
  function keptAlive(names: readonly string[]): number {
    const buffers = new Set(names.map((name) => inline.take(name)?.buffer));
    return [...buffers].reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0);
  }

  it('are given as they came while their message is dealt with', () => {
    const came = new Uint8Array(1000).fill(1);
    inline.during([told('a', came.subarray(100, 500))], () => expect(inline.take('a')?.buffer).toBe(came.buffer));
    expect(inline.take('a')).toBeUndefined();
  });

  it('are there until somebody takes them', () => {
    const came = new Uint8Array(1000).fill(1);
    keep(told('a', came.subarray(100, 500)));
    keep(told('a', came.subarray(100, 500)));
    expect(inline.take('a')).toEqual(came.subarray(100, 500));
    expect(inline.take('a')).toBeUndefined();
  });

  it('keep nothing else in memory that came with them, whoever repeats what others have told', () => {
    const names = Array.from({ length: 64 }, (_, frame) => `${frame}`);
    for (const name of names) {
      const came = new Uint8Array(MIB);
      keep(told(name, came.subarray(0, 1)), told('again', came.subarray(1)));
      inline.take('again');
    }
    expect(keptAlive(names)).toBe(64);
  });

  it('keep nothing else in memory when the others are taken', () => {
    const came = new Uint8Array(1000);
    inline.during([told('a', came.subarray(0, 1)), told('b', came.subarray(1))], () => inline.take('b'));
    expect(keptAlive(['a'])).toBe(1);
  });

  it('let the oldest go when they become too many', () => {
    for (let file = 0; file < 33; file += 1) keep(told(`${file}`, new Uint8Array(MIB)));
    expect(inline.take('0')).toBeUndefined();
    expect(inline.take('2')).toHaveSize(MIB);
  });

  it('let the oldest go also when they are small, and many', () => {
    for (let file = 0; file < 50_000; file += 1) keep(told(`${file}`, new Uint8Array(1)));
    expect(inline.take('0')).toBeUndefined();
    expect(inline.take('49999')).toHaveSize(1);
  });
});
