import type { FileContent } from '../../../lib/share/model/entry.ts';
import { ContentIndex } from '../../../lib/share/transfer/content-index.ts';

describe('ContentIndex', () => {
  it('tells all paths of a content, and none that has another one now', () => {
    const index = new ContentIndex();
    index.replace('a', undefined, file('one'));
    index.replace('b', undefined, file('one'));
    index.replace('c', undefined, file('one'));
    expect(index.pathsOf('one')).toEqual(['a', 'b', 'c']);
    index.replace('a', file('one'), file('two'));
    index.replace('b', file('one'), { type: 'deleted' });
    expect(index.pathsOf('one')).toEqual(['c']);
    expect(index.pathsOf('two')).toEqual(['a']);
  });

  it('knows nothing of a content that is nowhere any more', () => {
    const index = new ContentIndex();
    index.replace('a', undefined, file('one'));
    index.replace('a', file('one'), { type: 'directory' });
    expect(index.pathsOf('one')).toEqual([]);
  });

  it('takes the same path twice for one', () => {
    const index = new ContentIndex();
    index.replace('a', undefined, file('one'));
    index.replace('a', file('one'), file('one'));
    expect(index.pathsOf('one')).toEqual(['a']);
  });

  it('finds a file of more than one chunk by its size, as long as one is there', () => {
    const index = new ContentIndex();
    index.replace('small', undefined, file('small', 70));
    expect(index.pathOfSize(70)).toBeUndefined();
    index.replace('a', undefined, large('one', 70));
    index.replace('b', undefined, large('two', 70));
    expect([index.pathOfSize(70), index.pathOfSize(71)]).toEqual(['a', undefined]);
    index.replace('a', large('one', 70), large('one', 71));
    expect([index.pathOfSize(70), index.pathOfSize(71)]).toEqual(['b', 'a']);
    index.replace('b', large('two', 70), { type: 'deleted' });
    expect(index.pathOfSize(70)).toBeUndefined();
  });
});

function large(id: string, size: number): FileContent {
  return { ...file(id, size), chunks: new Uint8Array(70) };
}

function file(id: string, size = 1): FileContent {
  return { type: 'file', size, id, mtimeMs: 0, isExecutable: false };
}
