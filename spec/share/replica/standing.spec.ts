import type { Content } from '../../../lib/share/model/entry.ts';
import type { Version } from '../../../lib/share/model/version.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const US = 'aaaa';
const THEM = 'bbbb';
const OTHERS = 'cccc';

function file(size: number, id = 'f'): Content & { readonly type: 'file' } {
  return { type: 'file', size, id, mtimeMs: 1000, isExecutable: false };
}

describe('Replica.standing', () => {
  let replica: Replica;

  beforeEach(() => {
    replica = new Replica({ id: US });
  });

  function find(path: string, content: Content): void {
    replica.handle({ kind: 'found', path, seen: { ...content, stamp: `${path} ${JSON.stringify(content)}` } }, 1000);
  }

  function told(path: string, content: Content, version: Version, isAll = true): void {
    const entries = [{ entry: { path, content, version }, number: 1 }];
    replica.handle({ kind: 'heard', peer: THEM, entries, upTo: 1, isAll }, 1000);
  }

  it('counts what there is, and nothing that was deleted', () => {
    find('d', { type: 'directory' });
    find('d/a', file(10));
    find('b', file(5));
    find('b', { type: 'deleted' });
    expect(replica.standing([])).toEqual({ files: 1, folders: 1, bytes: 10, copies: [1], peers: [] });
  });

  it('counts as lacking all that a peer has not acknowledged, deletions as well', () => {
    for (const path of ['a', 'b', 'c']) find(path, file(10));
    find('b', { type: 'deleted' });
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    replica.handle({ kind: 'acknowledged', peer: THEM, upTo: 1 }, 1000);
    const { copies, peers } = replica.standing([THEM, OTHERS]);
    expect(peers.map(({ lacks }) => lacks)).toEqual([
      { entries: 2, bytes: 10 },
      { entries: 3, bytes: 20 },
    ]);
    expect(copies).toEqual([1, 1, 0]);
  });

  it('counts what a peer has said it has as being there, whatever it has acknowledged', () => {
    find('a', file(10));
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    told('a', file(10), replica.held('a')?.entry.version ?? []);
    const { copies, peers } = replica.standing([THEM]);
    expect(copies).toEqual([0, 1]);
    expect(peers).toEqual([{ lacks: { entries: 0, bytes: 0 }, owes: { entries: 0, bytes: 0 }, isAll: true }]);
  });

  it('does not count what a peer has said it has as being there when it comes again and has heard of nothing: its disk may be that of yesterday', () => {
    find('a', file(10));
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    told('a', file(10), replica.held('a')?.entry.version ?? []);
    replica.handle({ kind: 'disconnected', peer: THEM }, 1000);
    expect(replica.standing([THEM]).copies).toEqual([0, 1]);
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    expect(replica.standing([THEM]).copies).toEqual([1, 0]);
    told('a', file(10), replica.held('a')?.entry.version ?? []);
    expect(replica.standing([THEM]).copies).toEqual([0, 1]);
  });

  it('counts what a peer has told and is not here yet', () => {
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    told('a', file(10), [{ replica: THEM, count: 1 }], false);
    expect(replica.standing([THEM]).peers).toEqual([
      { lacks: { entries: 0, bytes: 0 }, owes: { entries: 1, bytes: 10 }, isAll: false },
    ]);
  });

  it('still knows what a peer has when it is away', () => {
    find('a', file(10));
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    replica.handle({ kind: 'acknowledged', peer: THEM, upTo: 1 }, 1000);
    replica.handle({ kind: 'disconnected', peer: THEM }, 1000);
    expect(replica.standing([THEM]).copies).toEqual([0, 1]);
  });

  it('counts a replica once that is asked for twice', () => {
    find('a', file(10));
    replica.handle({ kind: 'connected', peer: THEM, heard: 0 }, 1000);
    replica.handle({ kind: 'acknowledged', peer: THEM, upTo: 1 }, 1000);
    const { copies, peers } = replica.standing([THEM, THEM]);
    expect(copies).toEqual([0, 1, 0]);
    expect(peers.map(({ lacks }) => lacks.entries)).toEqual([0, 0]);
  });
});
