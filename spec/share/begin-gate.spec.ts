import { BeginGate } from '../../lib/share/begin-gate.ts';
import { Rarely } from '../../lib/share/rarely.ts';
import type { Encounter } from '../../lib/share/replica/peer-record.ts';
import { wireLimits } from '../../lib/share/wire/limits.ts';
import { SilentLink } from './transfer/transfer-scene.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

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

  it('takes so many new peers of one address at once and a day, and no more: each is remembered for ever', () => {
    const { meetingsAtOnce, meetingsPerDay } = wireLimits;
    for (let met = 0; met < meetingsAtOnce; met += 1) expect(begin(0)).toBe('take');
    expect(begin(0)).toBe('refuse');
    expect(begin(0, 0, '127.0.0.2')).toBe('take');
    const betweenMs = DAY_MS / meetingsPerDay;
    expect(begin(0, betweenMs - 1)).toBe('refuse');
    // Those that were refused do not count.
    expect(begin(0, betweenMs)).toBe('take');
    replica.encounter = () => 'again';
    for (let times = 0; times < 2; times += 1) expect(begin(0, betweenMs)).toBe('take');
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
