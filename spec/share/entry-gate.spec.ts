import { EntryGate } from '../../lib/share/entry-gate.ts';
import { wireLimits } from '../../lib/share/wire/limits.ts';
import { told } from './wire/peer-bytes.ts';

const A = '127.0.0.2';
const { entriesAtOnce, entriesPerSecond, heldEntriesPerSecond, shareEntries } = wireLimits;

/** Entries at the paths 0, 1, 2 and so on. */
const entries = (count: number) => Array.from({ length: count }, (_, index) => told({ path: `${index}` }));

describe('EntryGate', () => {
  it('lets a peer tell each path that is known once more, and a good many besides, without a pause', () => {
    const gate = new EntryGate({ count: 50_000, has: () => true }, () => undefined);
    const some = entries(10_000);
    for (let sum = 0; sum < 50_000 + entriesAtOnce; sum += some.length) {
      expect(gate.take(A, some, 0)).toEqual({ kind: 'take', pauseMs: 0 });
    }
  });

  it('makes who tells more pause, until it was as much as is allowed a second', () => {
    const gate = new EntryGate({ count: 0, has: () => true }, () => undefined);
    const all = entries(entriesAtOnce);
    expect(gate.take(A, all, 0)).toEqual({ kind: 'take', pauseMs: 0 });
    expect(gate.take(A, entries(3 * entriesPerSecond), 0)).toEqual({ kind: 'take', pauseMs: 3000 });
    expect(gate.take(A, entries(entriesPerSecond), 3000)).toEqual({ kind: 'take', pauseMs: 1000 });
    // The clock was set back: time is neither given nor taken for it.
    expect(gate.take(A, entries(entriesPerSecond), 1000)).toEqual({ kind: 'take', pauseMs: 2000 });
  });

  it('counts each address by itself', () => {
    const gate = new EntryGate({ count: 0, has: () => true }, () => undefined);
    gate.take(A, entries(entriesAtOnce + entriesPerSecond), 0);
    expect(gate.take('127.0.0.3', entries(9), 0)).toEqual({ kind: 'take', pauseMs: 0 });
  });

  it('refuses new paths when there are as many as can be, and lets known ones change', () => {
    const gate = new EntryGate({ count: shareEntries, has: (path) => path === '0' }, () => undefined);
    expect(gate.take(A, entries(1), 0).kind).toBe('take');
    expect(gate.take(A, entries(2), 0)).toEqual({ kind: 'refuse' });
  });

  it('takes a path that is told twice for one', () => {
    const gate = new EntryGate({ count: shareEntries - 1, has: () => false }, () => undefined);
    expect(gate.take(A, [...entries(1), ...entries(1)], 0).kind).toBe('take');
    expect(gate.take(A, entries(2), 0)).toEqual({ kind: 'refuse' });
  });

  describe('where something is here already', () => {
    const some = entries(10_000);
    const held = new Map(some.map(({ entry }) => [entry.path, entry]));
    let gate: EntryGate;

    beforeEach(() => {
      gate = new EntryGate({ count: 0, has: () => true }, (path) => held.get(path));
    });

    /** All that is allowed at once. */
    function exhaust(): void {
      const news = Array.from({ length: entriesAtOnce }, (_, index) => told({ path: `new ${index}` }));
      expect(gate.take(A, news, 0)).toEqual({ kind: 'take', pauseMs: 0 });
    }

    it('hardly counts that it is told again, as it is after each break of the line', () => {
      for (let sum = 0; sum < 10 * entriesAtOnce; sum += some.length) {
        expect(gate.take(A, some, 0)).toEqual({ kind: 'take', pauseMs: 0 });
      }
    });

    it('makes who tells it without end pause as well', () => {
      exhaust();
      for (let sum = some.length; sum < heldEntriesPerSecond; sum += some.length) gate.take(A, some, 0);
      expect(gate.take(A, some, 0)).toEqual({ kind: 'take', pauseMs: 1000 });
    });

    it('takes another content for news, and another version', () => {
      const [{ entry } = told()] = some;
      const version = [{ replica: '1'.repeat(16), count: 1 }];
      for (const other of [told({ ...entry, content: { type: 'deleted' } }), told({ ...entry, version })]) {
        gate = new EntryGate({ count: 0, has: () => true }, (path) => held.get(path));
        exhaust();
        const others = Array.from({ length: entriesPerSecond }, () => other);
        expect(gate.take(A, others, 0)).toEqual({ kind: 'take', pauseMs: 1000 });
      }
    });
  });
});
