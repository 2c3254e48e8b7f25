import { killSeed, killStory } from '../../support/share/kill-story.ts';
import { shareScenes } from '../../support/share/share-scene.ts';

describe('share, when its peers are killed', () => {
  const sceneOf = shareScenes();

  it('has lost nothing after kill -9 of one of three peers at 8 moments, and all have the same', async () => {
    const result = await killStory(await sceneOf(3, { encryption: 'no' }), { kills: 8, seed: killSeed });
    for (const [name, figure] of Object.entries(result)) setSpecProperty(name, figure);
    expect(result.problems).withContext(`KILL_SEED=${killSeed}`).toEqual([]);
  });
});
