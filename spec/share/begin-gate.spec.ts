import { BeginGate } from '../../lib/share/begin-gate.ts';
import { Rarely } from '../../lib/share/rarely.ts';
import type { Encounter } from '../../lib/share/replica/peer-record.ts';
import { SilentLink } from './transfer/transfer-scene.ts';

const MINUTE_MS = 60_000;

describe('BeginGate', () => {
  let replica: { forgotten: number; encounter: () => Encounter };
  let rarely: Rarely;
  let gate: BeginGate;

  beforeEach(() => {
    replica = { forgotten: 3, encounter: () => 'first' };
    rarely = new Rarely();
    gate = new BeginGate(replica, rarely);
  });

  /** A new link on which a peer begins. */
  const begin = (heard: number, now = 0, address = '127.0.0.1') => {
    const link = new SilentLink('2'.repeat(16));
    Object.assign(link.peer, { address });
    gate.tell(link);
    return gate.take(link, { kind: 'begin', heard, holds: 0, forgotten: 0 }, now).kind;
  };

  it('takes who says that he misses nothing, as often as he comes', () => {
    for (const encounter of ['first', 'again', 'again'] as const) {
      replica.encounter = () => encounter;
      expect(begin(0)).toBe('take');
    }
  });

  for (const [encounter, other] of [
    ['behind', 'restored'],
    ['restored', 'behind'],
  ] as const) {
    it(`takes who says what is dear (${encounter}) once in ten minutes from one address, also after a new beginning`, () => {
      replica.encounter = () => encounter;
      expect(begin(0, 1)).toBe('take');
      gate = new BeginGate(replica, rarely);
      expect(begin(0, 10 * MINUTE_MS)).toBe('refuse');
      expect(begin(0, 10 * MINUTE_MS, '127.0.0.2')).toBe('take');
      expect(begin(0, 10 * MINUTE_MS + 1)).toBe('take');
      // The clock was set back.
      expect(begin(0, 0)).toBe('take');
      replica.encounter = () => other;
      expect(begin(0, 0)).toBe('take');
    });
  }

  it('says why it refuses somebody', () => {
    replica.encounter = () => 'behind';
    begin(0);
    const why = 'It says again, within 10 minutes, that it has forgotten deletions';
    const link = new SilentLink('3'.repeat(16));
    gate.tell(link);
    expect(gate.take(link, { kind: 'begin', heard: 0, holds: 0, forgotten: 0 }, 0)).toEqual({ kind: 'refuse', why });
  });

  it('has a peer come again that has not heard of a deletion which was forgotten since it was told how many were', () => {
    const link = (heard: number) => {
      const one = new SilentLink('2'.repeat(16));
      replica.forgotten = 3;
      gate.tell(one);
      replica.forgotten = 7;
      return gate.take(one, { kind: 'begin', heard, holds: 0, forgotten: 0 }, 0).kind;
    };
    expect(link(6)).toBe('again');
    expect(link(7)).toBe('take');
    replica.forgotten = 7;
    expect(begin(6)).toBe('take');
  });
});
