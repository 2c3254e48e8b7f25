import type { Content } from '../../../lib/share/model/entry.ts';
import type { NumberedEntry, ShareEffect, ShareEvent } from '../../../lib/share/replica/events.ts';
import { Replica } from '../../../lib/share/replica/replica.ts';

const US = 'aaaa';
const THEM = 'bbbb';
const NOW = 1_790_000_000_000;
const GONE = { type: 'deleted' } as const;
const FILE = { type: 'file', size: 1, id: 'f', mtimeMs: 0, isExecutable: false } as const;

describe('A folder that another peer has deleted with all that is in it', () => {
  let replica: Replica;

  beforeEach(() => {
    replica = new Replica({ id: US });
    handle({ kind: 'found', path: 'd', seen: { type: 'directory', stamp: 'folder' } });
    handle({ kind: 'found', path: 'd/x', seen: { ...FILE, stamp: '1' } });
    handle({ kind: 'connected', peer: THEM, heard: 0 });
  });

  function handle(event: ShareEvent): readonly ShareEffect[] {
    return replica.handle(event, NOW);
  }

  /** Told by the other one, who had seen what is here. */
  function newer(path: string, content: Content, number: number): NumberedEntry {
    const version = [...(replica.held(path)?.entry.version ?? []), { replica: THEM, count: NOW / 1000 }];
    return { entry: { path, content, version }, number };
  }

  const hear = (entries: readonly NumberedEntry[], isAll = true) =>
    handle({ kind: 'heard', peer: THEM, entries, upTo: 9, isAll });
  const applied = (path: string, result: 'done' | 'failed') =>
    handle({ kind: 'applied', path, outcome: result === 'done' ? { result, stamp: '' } : { result, reason: 'busy' } });
  const appliesIn = (effects: readonly ShareEffect[]) =>
    effects.flatMap((effect) => (effect.kind === 'apply' ? [`${effect.path} ${effect.to.type}`] : []));

  for (const [what, order] of [
    ['behind', [0, 1]],
    ['before', [1, 0]],
  ] as const) {
    it(`goes when it is told ${what} what was in it`, () => {
      const told = [newer('d/x', GONE, order[0] + 1), newer('d', GONE, order[1] + 1)];
      const effects = hear(told.sort((a, b) => a.number - b.number));
      expect(appliesIn(effects)).toEqual(['d/x deleted']);
      expect(appliesIn(applied('d/x', 'done'))).toEqual(['d deleted']);
    });
  }

  it('goes when something in it could not be deleted at the first attempt', () => {
    hear([newer('d/x', GONE, 1), newer('d', GONE, 2)]);
    expect(appliesIn(applied('d/x', 'failed'))).toEqual([]);
    expect(appliesIn(handle({ kind: 'retry', path: 'd/x' }))).toEqual(['d/x deleted']);
    expect(appliesIn(applied('d/x', 'done'))).toEqual(['d deleted']);
  });

  it('goes when something in it had to be looked at first', () => {
    hear([newer('d/x', GONE, 1), newer('d', GONE, 2)]);
    handle({ kind: 'applied', path: 'd/x', outcome: { result: 'changed' } });
    expect(appliesIn(handle({ kind: 'found', path: 'd/x', seen: { ...FILE, stamp: '2' } }))).toEqual(['d/x deleted']);
    expect(appliesIn(applied('d/x', 'done'))).toEqual(['d deleted']);
  });

  it('stays when there is something in it that the other one did not know of, and is told as made anew', () => {
    handle({ kind: 'found', path: 'd/new', seen: { ...FILE, stamp: '3' } });
    hear([newer('d/x', GONE, 1)], false);
    applied('d/x', 'done');
    const effects = hear([newer('d', GONE, 2)]);
    expect(appliesIn(effects)).toEqual([]);
    expect(effects).toContain(jasmine.objectContaining({ kind: 'save', isOwn: true }));
    expect(replica.held('d')?.entry.content.type).toBe('directory');
  });
});
