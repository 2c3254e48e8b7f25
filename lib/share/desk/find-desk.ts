import { join } from 'node:path';
import { type Clock, systemClock } from '../../base/clock.ts';
import { codeOf } from '../../base/coded-error.ts';
import type { ShareParameters } from '../share-parameters.ts';
import { DistantDesk } from './distant-desk.ts';
import { RestingDesk } from './resting-desk.ts';
import type { ShareDesk } from './share-desk.ts';

// One that is being started, or stopped, holds its lock and does not answer: of a large share the journal is read first.
const MOST_ROUNDS = 50;
const ROUND_MS = 100;

/**
 * Who can answer for a share: the peer that runs, else what is kept.
 *
 * @throws DeskError E_NO_SHARE; LockError; ControlError E_CONTROL
 */
export async function findDesk(
  folders: Pick<ShareParameters, 'peers' | 'shareFolder' | 'stateFolder'>,
  clock: Clock = systemClock,
): Promise<ShareDesk> {
  for (let round = 1; ; round += 1) {
    const distant = await DistantDesk.connect(join(folders.stateFolder, 'control'), clock);
    if (distant !== undefined) return distant;
    try {
      return new RestingDesk(folders);
    } catch (error) {
      if (codeOf(error) !== 'E_LOCKED' || round >= MOST_ROUNDS) throw error;
      await clock.wait(ROUND_MS);
    }
  }
}
