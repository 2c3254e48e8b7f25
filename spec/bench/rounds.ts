import type { Contestant } from './contestants/contestant.ts';
import type { Row } from './rows.ts';
import type { Sample } from './sample.ts';

// Runs that last so long vary little, and five of them would take the evening.
const LONG_SECONDS = 60;
const LONG_ROUNDS = 3;
// No spread that was ever seen on a line with a delay would make good for this.
const BEATEN = 1.5;

/** How many rounds a row has, by what was measured so far. */
export function roundsOf({ rounds }: Pick<Row, 'rounds'>, samples: readonly Sample[]): number {
  const isLong = samples.some(({ party, wallSeconds }) => party !== 'rclone' && wallSeconds > LONG_SECONDS);
  return isLong ? Math.min(rounds, LONG_ROUNDS) : rounds;
}

/**
 * Does another round of a contestant tell more?
 *
 * Of lftp only the best setting counts: on a line with a delay one that was beaten by far in its first round stays out.
 */
export function mayStillWin(contestant: Contestant, { roundTripMs }: Row, samples: readonly Sample[]): boolean {
  if (contestant.runsOnce) return false;
  if (contestant.party !== 'lftp' || roundTripMs === 0) return true;
  const best = Math.min(...samples.filter(({ party }) => party === 'lftp').map(({ wallSeconds }) => wallSeconds));
  return samples.some(({ contestant: name, wallSeconds }) => name === contestant.name && wallSeconds <= BEATEN * best);
}
