import { Conductor, type ConductorOptions } from '../../lib/share/conductor.ts';
import { Replica } from '../../lib/share/replica/replica.ts';
import { Teller } from '../../lib/share/teller.ts';
import { wireLimits } from '../../lib/share/wire/limits.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { SilentLink } from './transfer/transfer-scene.ts';
import { entriesOf, told } from './wire/peer-bytes.ts';

const BEGIN = { kind: 'begin', heard: 0, holds: 0, forgotten: 0 } as const;

/** A link that can be listened to, or not. */
class PausedLink extends SilentLink {
  isPaused = false;

  override pause(): void {
    this.isPaused = true;
  }

  override resume(): void {
    this.isPaused = false;
  }
}

describe('Conductor, and a peer that means harm', () => {
  let clock: ManualClock;
  let harm: string[];
  let link: PausedLink;

  function make(replica = new Replica({ id: '1'.repeat(16) })): Conductor {
    const hands = {
      teller: new Teller(
        replica,
        clock,
        () => undefined,
        () => undefined,
      ),
      save: () => undefined,
      settle: () => undefined,
      apply: () => undefined,
      look: () => undefined,
    } satisfies Partial<ConductorOptions['hands']>;
    const conductor = new Conductor({
      replica,
      hands: hands as unknown as ConductorOptions['hands'],
      clock,
      onWanted: () => undefined,
      onHarm: (_, why) => harm.push(why),
      onApplied: () => undefined,
      onFault: fail,
    });
    conductor.up(link);
    return conductor;
  }

  beforeEach(() => {
    clock = new ManualClock();
    harm = [];
    link = new PausedLink('2'.repeat(16));
  });

  it('does not listen for a while to who tells the same path over and over', () => {
    const conductor = make();
    conductor.hear(link, BEGIN);
    const some = entriesOf(...Array.from({ length: 10_000 }, (_, number) => told({ number: number + 1, path: 'a' })));
    for (let sum = 0; sum < wireLimits.entriesAtOnce; sum += 10_000) conductor.hear(link, some);
    expect(link.isPaused).toBeFalse();
    conductor.hear(link, some);
    clock.advance(9000);
    expect(link.isPaused).toBeTrue();
    clock.advance(1000);
    expect(link.isPaused).toBeFalse();
    expect(harm).toEqual([]);
  });

  it('has enough of who would have all told to it anew', () => {
    const conductor = make();
    conductor.hear(link, BEGIN);
    expect(harm).toEqual([]);
    conductor.hear(link, BEGIN);
    expect(harm).toEqual(['It begins again and again']);
  });

  it('has enough of who tells more than anybody can keep, and takes nothing of it', () => {
    const full = Object.create(new Replica({ id: '1'.repeat(16) }), {
      settledOf: { value: () => 0 },
      living: { value: 0 },
      forgotten: { value: 0 },
      paths: { value: { count: wireLimits.shareEntries, has: () => false } },
    });
    make(full).hear(link, entriesOf(told()));
    expect(harm).toEqual(['It tells more than 2,000,000 files and folders']);
  });
});
