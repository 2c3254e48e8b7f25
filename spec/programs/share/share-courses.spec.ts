import { join } from 'node:path';
import { type CourseTimes, course2020, course2021 } from '../../support/share/course.ts';
import { MiB } from '../../support/share/files.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('share, in the courses that it was set for, with a tenth of the bytes', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();

  function options() {
    return { source: join(folder(), 'source'), first: 10 * MiB, large: 50 * MiB };
  }

  function told(times: CourseTimes): void {
    for (const [what, seconds] of Object.entries(times)) setSpecProperty(`${what}, s`, seconds);
  }

  for (const encryption of ['no', 'yes'] as const) {
    it(`2021: two machines are equal after each phase, encryption ${encryption}`, async () => {
      const scene = await sceneOf(2, { encryption });
      const times = await course2021(scene, options());
      told(times);
      expect(Object.keys(times).length).toBe(4);
      expect((await scene.equal()).size).toBe(2 + 51);
    });
  }

  for (const [encryption, order] of [
    ['no', [0, 1, 2]],
    ['yes', [2, 0, 1]],
  ] as const) {
    it(`2020: three machines are equal after each step, encryption ${encryption}, order ${order.join(', ')}`, async () => {
      const scene = await sceneOf(3, { encryption });
      const times = await course2020(scene, options(), order);
      told(times);
      expect(Object.keys(times).length).toBe(8);
      expect((await scene.equal()).size).toBe(3 + 51);
    });
  }
});
