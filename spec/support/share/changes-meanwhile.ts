import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeRandom } from './files.ts';
import type { ShareScene } from './share-scene.ts';
import { until, untilTrue } from './until.ts';

/** What was changed while a large file came. */
export interface Meanwhile {
  readonly rounds: number;
  /** Files whose last change was lost: not there, or otherwise, on some peer in the end. */
  readonly lost: readonly string[];
  /** Paths of conflict copies; nobody has changed a file that somebody else has changed. */
  readonly conflicts: readonly string[];
}

/**
 * Change files on both of two peers without a pause, while one of them receives a large file from the other one, and wait until
 * both are equal.
 *
 * @param size of the large file, in bytes
 */
export async function changeMeanwhile(scene: ShareScene, size: number, withinMs: number): Promise<Meanwhile> {
  const [a, b] = [scene.peer(0), scene.peer(1)];
  mkdirSync(b.at('busy'), { recursive: true });
  await scene.startAll();
  writeRandom(a.at('large'), size);
  let rounds = 0;
  await untilTrue(
    () => {
      rounds += 1;
      writeFileSync(b.at('busy', `${rounds % 20}`), `round ${rounds}`);
      if (rounds % 3 === 0) rmSync(b.at('busy', `${(rounds + 7) % 20}`), { force: true });
      if (rounds % 5 === 0) renameSync(b.at('busy', `${rounds % 20}`), b.at('busy', `moved ${rounds % 20}`));
      writeFileSync(a.at(`by a ${rounds % 10}`), `round ${rounds}`);
      return statSync(b.at('large'), { throwIfNoEntry: false })?.size === size;
    },
    withinMs,
    () => scene.log,
  );
  // What is removed while it is read is read again: the one is still to hear of what the other one has done.
  const treeOf = (index: number) =>
    until(
      () => scene.tree(index),
      withinMs,
      () => `a tree is read\n${scene.log}`,
    );
  const [near, far] = [await treeOf(0), await treeOf(1)];
  const tree = await scene.equal(withinMs);
  const wanted = new Map([...near].filter(([path]) => !path.startsWith('busy')));
  for (const [path, what] of far) if (path.startsWith('busy')) wanted.set(path, what);
  // What is nowhere wanted was removed by who made it, and must not come back.
  const paths = [...new Set([...wanted.keys(), ...tree.keys()])];
  return {
    rounds,
    lost: paths.filter((path) => tree.get(path) !== wanted.get(path)),
    conflicts: [...tree.keys()].filter((path) => path.includes('conflict')),
  };
}
