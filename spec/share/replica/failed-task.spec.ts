import type { ShareEffect } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const US = 'aaaa';
const THEM = 'bbbb';

describe('What the disk of a replica did not take', () => {
  const FILE = { type: 'file', size: 1, id: '1', mtimeMs: 1, isExecutable: false } as const;
  const failed = { kind: 'applied', path: 'a', outcome: { result: 'failed', reason: 'it is full' } } as const;
  let replica: Replica;

  const kindsOf = (effects: readonly ShareEffect[]) => effects.map(({ kind }) => kind);
  const hear = (count: number) => {
    const entry = { path: 'a', content: FILE, version: [{ replica: THEM, count }] };
    return kindsOf(
      replica.handle(
        { kind: 'heard', peer: THEM, entries: [{ entry, number: count }], upTo: count, isAll: true },
        1000,
      ),
    );
  };

  /** The replica has deleted what was there, while a peer has made a file there: both versions are joined. */
  beforeEach(() => {
    replica = new Replica({ id: US });
    replica.handle({ kind: 'found', path: 'a', seen: { type: 'directory', stamp: 'folder' } }, 1000);
    replica.handle({ kind: 'found', path: 'a', seen: { type: 'deleted', stamp: '' } }, 1000);
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    expect(hear(1)).toEqual(['fetch']);
    expect(kindsOf(replica.handle({ kind: 'fetched', path: 'a', id: '1' }, 1000))).toContain('apply');
  });

  it('is not tried again before it is time', () => {
    expect(kindsOf(replica.handle(failed, 1000))).toEqual([]);
    expect(kindsOf(replica.handle({ kind: 'retry', path: 'a' }, 1000))).toEqual(['fetch']);
  });

  it('is tried again also where nobody could say what lies there', () => {
    replica.handle({ kind: 'applied', path: 'a', outcome: { result: 'changed' } }, 1000);
    expect(kindsOf(replica.handle(failed, 1000))).toEqual([]);
    expect([...replica.tasks()]).toEqual([jasmine.objectContaining({ step: 'failed', reason: 'it is full' })]);
    expect(kindsOf(replica.handle({ kind: 'retry', path: 'a' }, 1000))).toEqual(['fetch']);
  });

  it('is not waited for when something else is to come there', () => {
    replica.handle(failed, 1000);
    expect(hear(2)).toContain('fetch');
  });
});
