import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { KiB, writeFolder, writeRandom } from './files.ts';
import type { ShareScene } from './share-scene.ts';
import type { SharedTree } from './shared-tree.ts';
import { untilTrue } from './until.ts';

/** All orders in which three peers can be started. */
export const startOrders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** How many entries there are in the end of {@link startInOrder}. */
export const ENTRIES = 3 + 51;

/** Start three peers, each with a file and the last one with a folder, and wait until all have all. @returns what they have */
export async function startInOrder(
  scene: ShareScene,
  order: readonly [number, number, number],
  apartMs: number,
): Promise<SharedTree> {
  for (const index of order) writeRandom(scene.peer(index).at(`by ${index}`), 100 * KiB);
  writeFolder(scene.peer(order[2]).at('folder'));
  const starts: Promise<void>[] = [];
  for (const index of order) {
    starts.push(scene.start(index));
    await wait(apartMs);
  }
  await Promise.all(starts);
  await untilTrue(
    () => scene.peers.every((peer) => order.every((index) => existsSync(peer.at(`by ${index}`)))),
    20_000,
    () => scene.log,
  );
  return scene.equal();
}
