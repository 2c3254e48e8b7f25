import type { ShareEffect } from '../../../lib/share/replica/events.ts';
import { Replica, type ReplicaOptions } from '../../../lib/share/replica/replica.ts';

const US = 'aaaa';
const THEM = 'bbbb';
const OTHERS = 'cccc';

describe('A replica that meets a peer which has heard of it', () => {
  function make(options: Partial<ReplicaOptions> = {}): Replica {
    const replica = new Replica({ id: US, ...options });
    for (const path of ['a', 'b', 'c']) {
      replica.handle({ kind: 'found', path, seen: { type: 'directory', stamp: 'folder' } }, 1000);
    }
    return replica;
  }

  const connect = (replica: Replica, heard: number, peer = THEM): readonly ShareEffect[] =>
    replica.handle({ kind: 'connected', peer, heard }, 1000);
  const RENEW = { kind: 'renew', peer: THEM } as const;

  it('goes on where that has heard what it was told, now or in an earlier run', () => {
    const replica = make({ told: [[THEM, 2]] });
    expect(connect(replica, 2)).toEqual([]);
    expect(replica.entriesFor(THEM, () => true)?.upTo).toBe(5);
    replica.handle({ kind: 'disconnected', peer: THEM }, 1000);
    expect(connect(replica, 5)).toEqual([]);
  });

  it('does not take back what that was told, where its highest numbers were those of deletions that are forgotten', () => {
    const replica = new Replica({ id: US, told: [[THEM, 5]] });
    expect(connect(replica, 5)).toEqual([]);
    expect(replica.entriesFor(THEM, () => true)?.upTo).toBe(5);
  });

  it('gives no number away again that somebody was told', () => {
    expect(make({ told: [[OTHERS, 5]] }).held('a')?.number).toBe(6);
  });

  it('has to begin anew where that has heard more than it was told, and tells nothing', () => {
    const replica = make({ told: [[THEM, 2]] });
    expect(connect(replica, 3)).toEqual([RENEW]);
    expect(replica.entriesFor(THEM, () => true)).toBeUndefined();
  });

  it('tells that again what it has from that one, when that one comes again and has heard of nothing', () => {
    const replica = new Replica({ id: US });
    const entry = { path: 'a', content: { type: 'directory' }, version: [{ replica: THEM, count: 1 }] } as const;
    // It waits for its folder, which never comes: what is told behind it does not count as dealt with either.
    const waiting = { ...entry, path: 'missing/b' } as const;
    const entries = [
      { entry: waiting, number: 1 },
      { entry, number: 2 },
    ];
    const tell = () => replica.entriesFor(THEM, () => true)?.entries.map(({ entry: { path } }) => path);
    connect(replica, 0);
    replica.handle({ kind: 'heard', peer: THEM, entries, upTo: 2, isAll: false }, 1000);
    replica.handle({ kind: 'applied', path: 'a', outcome: { result: 'done', stamp: 'folder' } }, 1000);
    expect(tell()).toEqual([]);
    replica.handle({ kind: 'disconnected', peer: THEM }, 1000);
    connect(replica, 0);
    expect(tell()).toEqual(['a']);
  });

  it('has to begin anew also when others were told as much', () => {
    const replica = make();
    connect(replica, 0, OTHERS);
    replica.entriesFor(OTHERS, () => true);
    expect(connect(replica, 1)).toEqual([RENEW]);
  });
});
