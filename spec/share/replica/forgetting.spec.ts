import type { ShareEffect } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const US = 'aaaa';
const THEM = 'bbbb';
const OTHERS = 'cccc';
const DAY_MS = 24 * 60 * 60 * 1000;
const THEN = Date.UTC(2026, 0, 1);
const GONE = { type: 'deleted', stamp: '' } as const;
const FOLDER = { type: 'directory', stamp: 'folder' } as const;

describe('A deletion', () => {
  let replica: Replica;

  /** One of `a`, with the number 3. */
  beforeEach(() => {
    replica = new Replica({ id: US });
    replica.handle({ kind: 'found', path: 'b', seen: FOLDER }, THEN);
    replica.handle({ kind: 'found', path: 'a', seen: FOLDER }, THEN);
    replica.handle({ kind: 'found', path: 'a', seen: GONE }, THEN);
  });

  const tidy = (days: number): readonly ShareEffect[] =>
    replica.handle({ kind: 'tidy' }, THEN + days * DAY_MS + 10_000);
  const meet = (peer: string, upTo: number) => {
    replica.handle({ kind: 'connected', peer, heard: 0 }, THEN);
    replica.entriesFor(peer, () => true);
    replica.handle({ kind: 'acknowledged', peer, upTo }, THEN);
  };
  const FORGET = [{ kind: 'forget', path: 'a', number: 3 }] as const;

  it('is forgotten 30 days later, when all that were ever met have dealt with it', () => {
    for (const peer of [THEM, OTHERS]) meet(peer, 3);
    expect(tidy(29)).toEqual([]);
    expect(tidy(30)).toEqual(FORGET);
    expect([replica.held('a'), replica.held('b')?.number, replica.forgotten]).toEqual([undefined, 1, 3]);
    expect(tidy(31)).toEqual([]);
  });

  it('is kept for 180 days for a peer that has not dealt with it, be it away or not', () => {
    meet(THEM, 3);
    meet(OTHERS, 2);
    replica.handle({ kind: 'disconnected', peer: OTHERS }, THEN);
    expect(tidy(179)).toEqual([]);
    expect(tidy(180)).toEqual(FORGET);
  });

  it('is not kept for somebody who came and was not taken', () => {
    meet(THEM, 3);
    expect(replica.encounter(OTHERS, { heard: 9, forgotten: 0 })).toBe('restored');
    expect(tidy(30)).toEqual(FORGET);
  });

  it('is not kept for somebody who came and went before anything else', () => {
    meet(THEM, 3);
    replica.handle({ kind: 'acknowledged', peer: OTHERS, upTo: 1 }, THEN);
    replica.handle({ kind: 'disconnected', peer: OTHERS }, THEN);
    expect(tidy(30)).toEqual(FORGET);
  });

  it('gives its number to nothing else', () => {
    tidy(30);
    replica.handle({ kind: 'found', path: 'c', seen: FOLDER }, THEN + 30 * DAY_MS);
    expect(replica.held('c')?.number).toBe(4);
  });

  it('is told anew to who has forgotten it and tells what it deleted', () => {
    meet(THEM, 0);
    const { version } = replica.held('a')?.entry ?? { version: [] };
    replica.entriesFor(THEM, () => true);
    replica.handle({ kind: 'acknowledged', peer: THEM, upTo: 3 }, THEN);
    const before = version.map(({ replica: id, count }) => ({ replica: id, count: count - 1 }));
    const entry = { path: 'a', content: { type: 'directory' }, version: before } as const;
    replica.handle({ kind: 'heard', peer: THEM, entries: [{ entry, number: 1 }], upTo: 1, isAll: true }, THEN);
    const told = replica
      .entriesFor(THEM, () => true)
      ?.entries.map(({ entry: { path, content }, number }) => [path, content.type, number]);
    expect(told).toEqual([['a', 'deleted', 4]]);
  });
});

describe('A replica that meets a peer which has forgotten deletions', () => {
  const meet = (settled: number, { heard, forgotten }: { readonly heard: number; readonly forgotten: number }) => {
    const entry = { path: 'a', content: { type: 'directory' }, version: [{ replica: US, count: 1 }] } as const;
    const saved = [{ entry, number: 4, stamp: 'folder' }];
    const replica = new Replica({ id: US, saved, settled: [[THEM, settled]], told: [[THEM, 9]] });
    const effects = replica.handle({ kind: 'connected', peer: THEM, heard, forgotten }, THEN);
    return { effects, told: replica.entriesFor(THEM, () => true)?.entries.map(({ number }) => number) };
  };
  const MET = { kind: 'met', peer: THEM, forgotten: 5 } as const;

  it('tells all anew where it has not dealt with them', () => {
    const retold = [{ ...MET, retold: { upTo: 9, by: 6 } }, { kind: 'tell' }] as const;
    expect(meet(4, { heard: 0, forgotten: 5 })).toEqual({ effects: retold, told: [10] });
    expect(meet(0, { heard: 9, forgotten: 5 })).toEqual({ effects: retold, told: [10] });
  });

  it('goes on where it has, or never met that peer', () => {
    expect(meet(5, { heard: 9, forgotten: 5 })).toEqual({ effects: [], told: [] });
    expect(meet(0, { heard: 0, forgotten: 5 })).toEqual({ effects: [MET], told: [4] });
  });
});
