import { killSeed, killStory } from '../support/share/kill-story.ts';
import { shareScenes } from '../support/share/share-scene.ts';

const PATIENCE_MS = 1_800_000;

describe('share under kill -9', () => {
  const sceneOf = shareScenes();

  for (const encryption of ['no', 'yes'] as const) {
    it(
      `has lost nothing after one of three peers was killed at 100 moments, and all have the same; encryption: ${encryption}`,
      async () => {
        const { problems, ...figures } = await killStory(await sceneOf(3, { encryption }), {
          kills: 100,
          seed: killSeed,
        });
        for (const [name, figure] of Object.entries(figures)) setSpecProperty(name, figure);
        expect(problems).withContext(`KILL_SEED=${killSeed}`).toEqual([]);
      },
      PATIENCE_MS,
    );
  }
});
