import { execFileSync } from 'node:child_process';
import { owner } from '../support/foreign/found.ts';
import { copy, differences, type Sides } from './deeds.ts';
import { lineUp } from './line-up.ts';
import { mayStillWin, roundsOf } from './rounds.ts';
import { attempt, type RowScene, sidesOf } from './row-scene.ts';
import { RunningMirror } from './running-mirror.ts';
import type { Sample } from './sample.ts';
import { growTree, touchTree, trees } from './trees.ts';

/**
 * All files are touched: our mirror runs and finds it out, and peers are started for it. Each side has folders of its own,
 * since the mirror would send what was touched for another.
 */
export async function measureTouched(scene: RowScene, onSample: (sample: Sample) => void): Promise<readonly string[]> {
  const { row, lab } = scene;
  const [oursSides, peerSides] = [sidesOf(scene, 'far-ours'), sidesOf(scene, 'far-peers')];
  const [us, ...peers] = lineUp(row);
  if (us === undefined) return [];
  for (const { near } of [oursSides, peerSides]) growTree(near, trees[row.tree]);
  giveAway(peerSides);
  const mirror = await RunningMirror.start(oursSides.task(us), row.connections, scene);
  const samples: Sample[] = [];
  const faults: string[] = [];
  const add = (sample: Sample) => {
    samples.push(sample);
    onSample(sample);
  };
  try {
    let contestants = peers;
    for (let round = 1; round <= roundsOf(row, samples); round += 1) {
      const told = (name: string) => (line: string) => `${name}, round ${round}: ${line}`;
      const before = lab.opened();
      const cost = await mirror.sendTouched(() => touchTree(oursSides.near));
      add({ contestant: us.name, party: us.party, ...cost, opened: lab.opened() - before });
      faults.push(...differences(oursSides).slice(0, 3).map(told(us.name)));
      for (const contestant of contestants) {
        touchTree(peerSides.near);
        const start = lab.opened();
        const turn = await attempt(scene, contestant, peerSides.task(contestant));
        const wrong = turn.fault === undefined ? differences(peerSides) : [turn.fault];
        faults.push(...wrong.slice(0, 3).map(told(contestant.name)));
        const { name, party } = contestant;
        if (turn.cost) add({ contestant: name, party, ...turn.cost, opened: lab.opened() - start });
      }
      contestants = contestants.filter((contestant) => mayStillWin(contestant, row, samples));
    }
  } finally {
    await mirror.stop();
  }
  return faults;
}

/** What is there before was sent by nobody: a copy will do. */
function giveAway({ near, far }: Sides): void {
  copy(near, far);
  const { uid, gid } = owner();
  execFileSync('chown', ['-R', `${uid}:${gid}`, far]);
}
