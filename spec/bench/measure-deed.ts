import { deeds } from './deeds.ts';
import { lineUp } from './line-up.ts';
import { mayStillWin, roundsOf } from './rounds.ts';
import { attempt, type RowScene, sidesOf } from './row-scene.ts';
import type { Sample } from './sample.ts';

/** Programs are started for what is to be done, one after the other. */
export async function measureDeed(scene: RowScene, onSample: (sample: Sample) => void): Promise<readonly string[]> {
  const { row, lab } = scene;
  if (row.deed === 'touched') return [];
  const rules = deeds[row.deed];
  const sides = sidesOf(scene);
  await rules.prepare(row, sides);
  const samples: Sample[] = [];
  const faults: string[] = [];
  let contestants = lineUp(row);
  for (let round = 1; round <= roundsOf(row, samples); round += 1) {
    for (const contestant of contestants) {
      const task = sides.task(contestant);
      rules.reset(sides, task);
      const before = lab.opened();
      const { cost, fault } = await attempt(scene, contestant, task);
      const opened = lab.opened() - before;
      const wrong = fault === undefined ? rules.faults(sides, opened) : [fault];
      faults.push(...wrong.slice(0, 3).map((line) => `${contestant.name}, round ${round}: ${line}`));
      if (cost === undefined) continue;
      const sample = { contestant: contestant.name, party: contestant.party, ...cost, opened };
      samples.push(sample);
      onSample(sample);
    }
    contestants = contestants.filter((contestant) => mayStillWin(contestant, row, samples));
  }
  return faults;
}
