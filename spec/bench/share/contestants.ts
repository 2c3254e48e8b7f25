import type { Contestant, ContestantName } from './contestant.ts';
import { ours } from './ours.ts';
import { rsync } from './rsync.ts';
import { syncthing, syncthingDefaults, syncthingTuned } from './syncthing.ts';

/** All that take part, by their names. */
export const contestants: Readonly<Record<ContestantName, Contestant>> = {
  'ours TLS': ours('yes'),
  'ours plain': ours('no'),
  Syncthing: syncthing(syncthingDefaults),
  'Syncthing tuned': syncthing(syncthingTuned),
  rsync,
};
