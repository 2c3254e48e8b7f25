import type { ContestantName } from './contestant.ts';
import type { Figures } from './stage.ts';

/** The rows that are measured one after the other with the same two peers. */
export type SceneName = 'random' | 'text' | 'small' | 'change' | 'kill' | 'course';

/** What we are to reach. */
export interface Goal {
  /** Whose goal it is; without it that of both of ours. */
  readonly of?: ContestantName;
  readonly figure: keyof Figures;
  readonly most: number;
  /** Then `most` is how much we may take of what this one takes. */
  readonly ofPeer?: ContestantName;
}

/** Something that is measured. */
export interface ShareRow {
  readonly id: string;
  readonly scene: SceneName;
  readonly goals: readonly Goal[];
}

/** In this order. The goals hold for a scale of 1. */
export const shareRows: readonly ShareRow[] = [
  row('random', 'first/random', [
    { of: 'ours TLS', figure: 'seconds', most: 3 },
    { of: 'ours plain', figure: 'seconds', most: 2.2 },
    { of: 'ours TLS', figure: 'seconds', most: 0.5, ofPeer: 'Syncthing tuned' },
    { of: 'ours plain', figure: 'seconds', most: 1.3, ofPeer: 'rsync' },
    { figure: 'peakMiB', most: 190 },
  ]),
  row('random', 'delta/contiguous', [seconds(1.3), wireMiB(2)]),
  row('random', 'delta/scattered', [seconds(1.6), wireMiB(25)]),
  row('random', 'delta/front', [seconds(1.6), wireMiB(3)]),
  row('text', 'first/text', [
    { of: 'ours TLS', figure: 'seconds', most: 3.15 },
    { of: 'ours plain', figure: 'seconds', most: 2.31 },
  ]),
  row('small', 'small/first', [seconds(2), { figure: 'seconds', most: 2, ofPeer: 'rsync' }]),
  // Of one peer: half a percent of a core for ten seconds, and 90 MB.
  row('small', 'small/idle', [
    { figure: 'cpuSeconds', most: 0.1 },
    { figure: 'peakMiB', most: 86 },
  ]),
  row('small', 'small/restart', [seconds(1), wireMiB(0.1)]),
  row('change', 'change/p50', [seconds(0.06)]),
  row('change', 'change/p99', [seconds(0.2)]),
  row('kill', 'kill/back', [seconds(1)]),
  row('kill', 'kill/rest', [wireMiB(16)]),
  row('course', 'course/start', [seconds(0.3)]),
  row('course', 'course/restart', [seconds(4)]),
  row('course', 'course/change', [seconds(3)]),
];

function row(scene: SceneName, id: string, goals: readonly Goal[]): ShareRow {
  return { id, scene, goals };
}

function seconds(most: number): Goal {
  return { figure: 'seconds', most };
}

function wireMiB(most: number): Goal {
  return { figure: 'wireMiB', most };
}
