import { Holdings } from '../../lib/share/holdings.ts';
import type { Content } from '../../lib/share/model/entry.ts';
import type { SavedEntry } from '../../lib/share/replica/events.ts';
import { MadeFile } from './transfer/transfer-scene.ts';

describe('Holdings', () => {
  const { content } = new MadeFile('file', 2);
  let held: Map<string, SavedEntry>;
  let stale: string[];
  /** What the disk does not have any more. */
  let gone: Set<string>;

  function hold(path: string, lies: Content): void {
    held.set(path, { entry: { path, content: lies, version: [] }, number: 1, stamp: path });
  }

  function open(): Holdings {
    return new Holdings({
      replica: { held: (path) => held.get(path), allHeld: () => held.values() },
      folder: { isCurrent: (path) => !gone.has(path), whereOf: (path) => `/${path}` },
      onStale: (path) => stale.push(path),
    });
  }

  beforeEach(() => {
    held = new Map();
    stale = [];
    gone = new Set();
  });

  it('give a content from a path where it still lies, and have others looked at', () => {
    for (const path of ['a', 'b', 'c']) hold(path, content);
    const holdings = open();
    gone.add('a');
    expect([holdings.sourceOf(content.id)?.file, stale]).toEqual(['/b', ['a']]);
    gone.add('b').add('c');
    expect([holdings.sourceOf(content.id), stale]).toEqual([undefined, ['a', 'a', 'b', 'c']]);
    expect(holdings.sourceOf('0'.repeat(64))).toBeUndefined();
  });

  it('leave it to who reads the only file of a content to see whether it is still the same', () => {
    hold('a', content);
    gone.add('a');
    const source = open().sourceOf(content.id);
    expect([source?.file, source?.isCurrent(), stale]).toEqual(['/a', false, []]);
    source?.tellStale();
    expect(stale).toEqual(['a']);
  });
});
