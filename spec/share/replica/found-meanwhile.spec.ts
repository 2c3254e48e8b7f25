import { Replica } from '../../../lib/share/replica/replica.ts';

const THEM = 'bbbb';
const FILE = { type: 'file', size: 10, id: 'f', mtimeMs: 1000, isExecutable: false } as const;

describe('A replica that fetches a content', () => {
  it('does so no more when it is found here, before it changes anything', () => {
    const replica = new Replica({ id: 'aaaa' });
    const kinds = (event: Parameters<Replica['handle']>[0]) => [...replica.handle(event, 1000)].map(({ kind }) => kind);
    kinds({ kind: 'connected', peer: THEM, heard: 0 });
    // Above what this one gives its own file: it is taken, with the bytes that are here.
    const version = [{ replica: THEM, count: 2_000_000_000 }];
    const entries = [{ entry: { path: 'file', content: FILE, version }, number: 1 }];
    expect(kinds({ kind: 'heard', peer: THEM, entries, upTo: 1, isAll: true })).toContain('fetch');
    const then = kinds({ kind: 'found', path: 'file', seen: { ...FILE, mtimeMs: 500, stamp: 'new' } });
    expect(then).toContain('forget-fetch');
    expect(then.indexOf('apply')).toBeGreaterThan(then.indexOf('forget-fetch'));
  });

  it('asks a peer again that had not got it, when that may have it again', () => {
    const replica = new Replica({ id: 'aaaa' });
    const fetches = (event: Parameters<Replica['handle']>[0]) =>
      replica.handle(event, 1000).flatMap((effect) => (effect.kind === 'fetch' ? [effect.peers] : []));
    fetches({ kind: 'connected', peer: THEM, heard: 0 });
    const entries = [{ entry: { path: 'file', content: FILE, version: [{ replica: THEM, count: 1 }] }, number: 1 }];
    expect(fetches({ kind: 'heard', peer: THEM, entries, upTo: 1, isAll: true })).toEqual([[THEM]]);
    const ofFile = { path: 'file', id: FILE.id, peer: THEM } as const;
    expect(fetches({ kind: 'missing', ...ofFile })).toEqual([[]]);
    expect(fetches({ kind: 'there', ...ofFile, id: 'something else' })).toEqual([]);
    expect(fetches({ kind: 'there', ...ofFile })).toEqual([[THEM]]);
  });
});
