import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { arrivalOfTree, filesBelow, mustBeEqual } from './arrivals.ts';
import { readyToMove, type SceneTools } from './scene.ts';

// So long they do nothing, and are watched doing it.
const IDLE_MS = 10_000;

/** A folder with many small files comes into a share, then nothing happens, and then both peers are started again. */
export async function smallScene({ stage, sources: [source = ''], outside, tell }: SceneTools): Promise<void> {
  const [here, there] = stage.peers;
  await stage.startBoth();
  const { name, move } = readyToMove(source, outside, here.share);
  const hasArrived = arrivalOfTree(source, join(there.share, name));
  await stage.rest();
  tell('small/first', await stage.measure(move, hasArrived));
  mustBeEqual(filesBelow(here.share, name), here.share, there.share);
  if (stage.contestant.isTold) return;
  await stage.rest();
  const idle = await stage.during(async () => {
    await pause(IDLE_MS);
    return IDLE_MS;
  });
  tell('small/idle', { cpuSeconds: idle.cpuSeconds, peakMiB: idle.peakMiB, wireMiB: idle.wireMiB });
  // Where nothing has changed in the meantime, a file that was written before the start is all there is to be sent.
  for (const peer of stage.peers) await stage.end(peer, 'SIGTERM');
  tell('small/restart', await stage.during(() => stage.startBoth()));
}
