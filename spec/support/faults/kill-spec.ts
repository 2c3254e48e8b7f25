import { type KillOrder, killCampaign } from './kill-campaign.ts';
import type { MortalServer } from './mortal-server.ts';

/** Another one in each run, unless KILL_SEED gives one: with it, the same victims die at the same jobs. */
export const killSeed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

/** The body of the specs with kill -9: at three of four moments at least, jobs must have been under way. */
export async function expectNothingLost(order: KillOrder, start: () => Promise<MortalServer>): Promise<void> {
  const server = await start();
  try {
    const { problems, ...figures } = await killCampaign(order, server);
    for (const [name, figure] of Object.entries(figures)) setSpecProperty(name, figure);
    console.log(JSON.stringify(figures));
    expect(problems).toEqual([]);
    expect(figures.inFlight).toBeGreaterThanOrEqual(0.75 * order.kills);
  } finally {
    await server.stop();
  }
}
