import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { arrivalOf, filesBelow, isThere, mustBeEqual } from './arrivals.ts';
import { overwrite, tenth } from './changes.ts';
import { readyToMove, type SceneTools } from './scene.ts';

/**
 * The order of a course that has students write such a program (2021): a peer runs, and gets a file of 10 MB; another one starts,
 * and gets 500 MB and 50 small files; the first one is killed, and started again; then a tenth of the large file changes there.
 */
export async function courseScene({ stage, sources, outside, tell }: SceneTools): Promise<void> {
  const [here, there] = stage.peers;
  const [ten = '', large = '', fifty = ''] = sources;
  stage.start(here);
  const first = readyToMove(ten, outside, here.share);
  await pause(1000);
  first.move();
  await pause(100);
  tell(
    'course/start',
    await stage.during(async () => {
      stage.start(there);
      return stage.arrive(arrivalOf(first.name, here.share, there.share));
    }),
  );
  mustBeEqual([first.name], here.share, there.share);

  const moved = [large, fifty].map((source) => readyToMove(source, outside, there.share));
  await stage.rest();
  tell(
    'course/restart',
    await stage.during(async () => {
      const start = performance.now();
      for (const { move } of moved) move();
      const names = [basename(large), ...filesBelow(there.share, basename(fifty))];
      const sizes = names.map((name) => [name, statSync(join(there.share, name)).size] as const);
      await pause(500);
      await stage.end(here, 'SIGKILL');
      await pause(1000);
      stage.start(here);
      await stage.arrive(() => sizes.every(([name, size]) => isThere(here.share, name, size)));
      return performance.now() - start;
    }),
  );
  mustBeEqual([basename(large), ...filesBelow(there.share, basename(fifty))], here.share, there.share);

  const path = join(here.share, basename(large));
  const change = overwrite(path, tenth(statSync(path).size));
  await stage.rest();
  tell('course/change', await stage.measure(change, () => arrivalOf(basename(large), here.share, there.share)()));
  mustBeEqual([basename(large)], here.share, there.share);
}
