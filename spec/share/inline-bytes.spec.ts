import { InlineBytes } from '../../lib/share/inline-bytes.ts';
import type { ToldEntry } from '../../lib/share/wire/message.ts';

describe('InlineBytes', () => {
  const MIB = 1024 ** 2;

  function told(name: string, bytes: Uint8Array): ToldEntry {
    const content = { type: 'file', size: bytes.length, id: name, mtimeMs: 0, isExecutable: false } as const;
    return { entry: { path: name, content, version: [] }, number: 1, bytes };
  }

  it('are kept as they came where they are most of what came', () => {
    const came = new Uint8Array(1000).fill(1);
    const inline = new InlineBytes();
    inline.keep([told('a', came.subarray(100, 500)), told('b', came.subarray(500, 900))]);
    expect(inline.take('a')?.buffer).toBe(came.buffer);
    expect(inline.take('b')).toEqual(came.subarray(500, 900));
    expect(inline.take('b')).toBeUndefined();
  });

  it('keep nothing else in memory where they are not', () => {
    const came = new Uint8Array(1000).fill(1);
    const inline = new InlineBytes();
    inline.keep([told('a', came.subarray(0, 300))]);
    expect(inline.take('a')?.buffer.byteLength).toBe(300);
  });

  it('let the oldest go when they become too many', () => {
    const inline = new InlineBytes();
    for (let file = 0; file < 33; file += 1) inline.keep([told(`${file}`, new Uint8Array(MIB))]);
    expect(inline.take('0')).toBeUndefined();
    expect(inline.take('1')).toHaveSize(MIB);
  });
});
