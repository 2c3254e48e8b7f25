import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ContestantName } from './contestant.ts';
import { contestants } from './contestants.ts';
import type { SceneName, ShareRow } from './rows.ts';
import { scenes } from './scenes.ts';
import { playScene } from './share-lane.ts';
import type { ShareRowResult, ShareSample } from './share-table.ts';
import { amountsAt, Sources } from './sources.ts';

/** How scenes are run. */
export interface ScenesOptions {
  readonly contestants: readonly ContestantName[];
  readonly rounds: number;
  /** A part of all amounts. */
  readonly scale: number;
  /** For all of it; emptied by whoever made it. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onSample: (row: string, sample: ShareSample) => void;
  readonly onFault: (scene: SceneName, contestant: ContestantName, fault: string) => void;
}

// What lies beside the shares, both of them, and a file that is not finished yet.
const COPIES = 4;

/** Let all programs play the scenes of some rows, in turn and in the other order in every other round, each time from scratch. */
export async function runScenes(rows: readonly ShareRow[], options: ScenesOptions): Promise<readonly ShareRowResult[]> {
  const { rounds, scale, folder, signal } = options;
  const sources = new Sources(join(folder, 'sources'), scale);
  mkdirSync(join(folder, 'sources'));
  const samples = new Map<string, ShareSample[]>(rows.map(({ id }) => [id, []]));
  const failed = new Map<SceneName, Set<ContestantName>>();
  for (const scene of new Set(rows.map((row) => row.scene))) {
    const plan = scenes[scene];
    const paths = plan.sources.map((source) => sources.make(source));
    const players = options.contestants.filter((name) => !(plan.needsDetection && contestants[name].isTold));
    failed.set(scene, new Set());
    for (let round = 0; round < rounds; round += 1) {
      const turn = players.filter((name) => round < contestants[name].mostRounds);
      for (const contestant of round % 2 === 0 ? turn : turn.toReversed()) {
        if (signal.aborted) break;
        const place = join(folder, 'place');
        const amounts = amountsAt(scale);
        const task = { contestant, scene, folder: place, sources: paths, changes: amounts.changes };
        const tell = (row: string, figures: ShareSample['figures']) => {
          const kept = samples.get(row);
          kept?.push({ contestant, figures });
          if (kept !== undefined) options.onSample(row, { contestant, figures });
        };
        const fault = await playScene({ ...task, warmBytes: COPIES * amounts.bytes }, tell, signal);
        rmSync(place, { recursive: true, force: true });
        if (fault === undefined || signal.aborted) continue;
        failed.get(scene)?.add(contestant);
        options.onFault(scene, contestant, fault);
      }
    }
  }
  return rows.map((row) => ({ row, samples: samples.get(row.id) ?? [], failed: [...(failed.get(row.scene) ?? [])] }));
}
