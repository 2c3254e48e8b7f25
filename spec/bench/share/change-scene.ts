import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../support/seeded-random.ts';
import { isThere, mustBeEqual } from './arrivals.ts';
import { smallChanges } from './changes.ts';
import type { SceneTools } from './scene.ts';

// Who waits ten seconds before it looks does as many changes as fit into this.
const MOST_MS = 60_000;
// Never in step with anything that happens at regular times.
const LEAST_PAUSE_MS = 50;
const MORE_PAUSE_MS = 100;

/** Small changes, each made when the one before has arrived: how long does one take from its end until it is seen? */
export async function changeScene({ stage, changes, tell }: SceneTools): Promise<void> {
  const [here, there] = stage.peers.map(({ share }) => share) as [string, string];
  const random = seededRandom(5);
  const taken: number[] = [];
  const names = new Set<string>();
  await stage.startBoth();
  await stage.rest();
  const { cpuSeconds, wireMiB, peakMiB } = await stage.during(async () => {
    const start = performance.now();
    for (const { name, make } of smallChanges(here, changes)) {
      if (performance.now() - start > MOST_MS) break;
      make();
      const { size } = statSync(join(here, name));
      taken.push(await stage.arrive(() => isThere(there, name, size)));
      names.add(name);
      await pause(LEAST_PAUSE_MS + MORE_PAUSE_MS * random.fraction());
    }
    return 0;
  });
  mustBeEqual([...names], here, there);
  tell('change/p50', { seconds: percentile(taken, 0.5) / 1000, cpuSeconds, wireMiB, peakMiB });
  tell('change/p99', { seconds: percentile(taken, 0.99) / 1000 });
}

/** That so many of all are not above; of few it is the largest. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
