import { statSync } from 'node:fs';
import { join } from 'node:path';
import { arrivalOf, mustBeEqual } from './arrivals.ts';
import { contiguous, insertInFront, overwrite, scattered } from './changes.ts';
import { readyToMove, type Scene } from './scene.ts';

/** A large file comes into a share, and then changes by a thousandth: in one piece, in many pieces, by an insertion in front. */
export function bigFileScene(first: string, changes: boolean): Scene {
  return async ({ stage, sources: [source = ''], outside, tell }) => {
    const [here, there] = stage.peers.map(({ share }) => share) as [string, string];
    await stage.startBoth();
    const { name, move } = readyToMove(source, outside, here);
    const path = join(here, name);
    const { size } = statSync(source);
    const steps: readonly (readonly [row: string, prepare: () => () => void])[] = [
      [first, () => move],
      ['delta/contiguous', () => overwrite(path, contiguous(size))],
      ['delta/scattered', () => overwrite(path, scattered(size))],
      ['delta/front', () => insertInFront(path, outside)],
    ];
    for (const [row, prepare] of changes ? steps : steps.slice(0, 1)) {
      const change = prepare();
      await stage.rest();
      const figures = await stage.measure(change, () => arrivalOf(name, here, there)());
      mustBeEqual([name], here, there);
      tell(row, figures);
    }
  };
}
