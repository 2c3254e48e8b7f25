import type { Content } from '../../../lib/share/model/entry.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const THEM = 'bbbb';
const FILE: Content = { type: 'file', size: 10, id: 'f', mtimeMs: 1000, isExecutable: false };

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
});
