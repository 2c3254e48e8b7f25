import type { EntryPath } from '../../../lib/share/model/entry.ts';
import type { ReplicaId } from '../../../lib/share/model/version.ts';
import type { SavedEntry } from '../../../lib/share/replica/events.ts';
import { ShareState, type ShareStateOptions } from '../../../lib/share/state/share-state.ts';
import { ManualClock } from '../manual-clock.ts';
import { seededRandom } from '../seeded-random.ts';

/** What a state says a replica begins with. */
export interface Beginning {
  readonly id: ReplicaId;
  readonly saved: ReadonlyMap<EntryPath, SavedEntry>;
  readonly settled: ReadonlyMap<ReplicaId, number>;
}

/** The beginning of a state, as it is now. */
export function beginningOf({ beginning: { id, saved = [], settled = [] } }: ShareState): Beginning {
  return { id, saved: new Map([...saved].map((one) => [one.entry.path, one])), settled: new Map(settled) };
}

/** Opens states of a share, and closes them after each spec. */
export function shareStates(): (folder: string, options?: Partial<ShareStateOptions>) => ShareState {
  let opened: ShareState[] = [];
  const numbers = seededRandom(1);
  const random = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => numbers.integer(256)));
  afterEach(() => {
    for (const state of opened) state.close();
    opened = [];
  });
  return (folder, options = {}) => {
    const state = ShareState.open(folder, { random, bootId: 'boot 1', clock: new ManualClock(), ...options });
    opened.push(state);
    return state;
  };
}
