import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '../seeded-random.ts';
import type { ShareScene } from './share-scene.ts';
import { lostVersions, type Memory, ShareUser } from './share-user.ts';

/** What is to be done to peers that share a folder. */
export interface KillOrder {
  readonly kills: number;
  readonly seed: number;
}

/** What came of it. */
export interface KillResult {
  readonly problems: readonly string[];
  readonly kills: number;
  readonly seed: number;
  readonly versionsWritten: number;
  readonly filesAtTheEnd: number;
}

/** Another one in each run, unless KILL_SEED gives one: with it, the users do the same things and the same peers die. */
export const killSeed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

// Between two things that a user does; what he did before is then on its way.
const MOST_WAIT_MS = 30;
const MOST_ACTS = 12;

// After the last kill all is told anew, and the machine does a lot else.
const QUIET_MS = 40_000;

/** Users work in all shares, while one peer after the other is killed and started again. */
export async function killStory(scene: ShareScene, { kills, seed }: KillOrder): Promise<KillResult> {
  const random = seededRandom(seed);
  const memory: Memory = { written: new Map(), discarded: new Set(), count: 0 };
  const users = scene.peers.map((peer) => new ShareUser(peer.at(), `${peer.place.folder}/outside`, memory, random));
  await scene.startAll();
  let starting: Promise<void> = Promise.resolve();
  for (let kill = 0; kill < kills; kill += 1) {
    for (let acts = random.integer(MOST_ACTS); acts >= 0; acts -= 1) {
      random.pick(users).act();
      await wait(random.integer(MOST_WAIT_MS));
    }
    await starting;
    const victim = random.integer(users.length);
    await scene.kill9(victim);
    // Sometimes much happens before it is back.
    for (let acts = random.chance(0.3) ? MOST_ACTS : 0; acts > 0; acts -= 1) random.pick(users).act();
    starting = scene.start(victim);
  }
  await starting;
  const tree = await scene.equal(QUIET_MS);
  const folders = scene.peers.flatMap((peer) => [peer.at(), peer.inState('trash')]);
  return {
    problems: lostVersions(memory, folders).map((what) => `lost: ${what}`),
    kills,
    seed,
    versionsWritten: memory.written.size,
    filesAtTheEnd: tree.size,
  };
}
