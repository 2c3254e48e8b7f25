import { killCampaign } from '../support/faults/kill-campaign.ts';
import { startMortalEmbedded } from '../support/faults/mortal-server.ts';

const KILLS = 20;
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

describe('the mirror, killed at random moments,', () => {
  it(`goes on where it stopped after kill -9 of itself, a child and the server (KILL_SEED=${SEED})`, async () => {
    const server = await startMortalEmbedded();
    try {
      const figures = await killCampaign({ kills: KILLS, seed: SEED, files: 2000 }, server);
      // The seed is what a person needs to go the same way once more.
      console.log(JSON.stringify(figures));
      expect(figures.problems).toEqual([]);
      expect(figures.inFlight).toBeGreaterThanOrEqual(15);
    } finally {
      await server.stop();
    }
  }, 180_000);
});
