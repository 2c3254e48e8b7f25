import type { Content } from '../../../lib/share/model/entry.ts';
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
});

function file(id: string): Content {
  return { type: 'file', size: 1, id, mtimeMs: 0, isExecutable: false };
}
