import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { KiB, MiB, writeRandom } from '../../support/share/files.ts';
import type { ShareScene } from '../../support/share/share-scene.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

const SIZE = 64 * MiB;

// What was on its way, in both directions, and what is said besides.
const SENT_AGAIN = 16 * MiB;

describe('share, and what comes between', () => {
  const sceneOf = shareScenes();

  async function pair(): Promise<ShareScene> {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    await scene.startAll();
    return scene;
  }

  for (const [what, interrupt, goOn] of [
    [
      'the one who receives is killed',
      (scene: ShareScene) => scene.peer(1).program.signal('SIGKILL'),
      async (scene: ShareScene) => {
        await scene.kill9(1);
        await scene.start(1);
      },
    ],
    [
      'the one who sends is killed',
      (scene: ShareScene) => scene.peer(0).program.signal('SIGKILL'),
      async (scene: ShareScene) => {
        await scene.kill9(0);
        await scene.start(0);
      },
    ],
    [
      'the one who receives is stopped',
      (scene: ShareScene) => scene.peer(1).program.signal('SIGINT'),
      async (scene: ShareScene) => {
        await scene.peer(1).program.ended;
        await scene.start(1);
      },
    ],
    [
      'all connections are reset',
      (scene: ShareScene) => {
        for (const proxy of scene.proxies()) proxy.cut();
      },
      async () => undefined,
    ],
  ] as const) {
    it(`R13: goes on in the middle of a file when ${what}`, async () => {
      const scene = await pair();
      const half = scene.whenPassed(SIZE / 2, () => interrupt(scene));
      writeRandom(scene.peer(0).at('large'), SIZE);
      await half;
      expect(existsSync(scene.peer(1).at('large'))).toBeFalse();
      await goOn(scene);
      await scene.allHave(0);
      setSpecProperty('sent again, KiB', Math.round((scene.passed() - SIZE) / KiB));
      expect(scene.passed()).toBeLessThan(SIZE + SENT_AGAIN);
    });
  }

  it('R13: goes on after a cable was pulled and put back', async () => {
    const scene = await pair();
    const half = scene.whenPassed(SIZE / 2, () => {
      for (const proxy of scene.proxies()) proxy.stall();
    });
    writeRandom(scene.peer(0).at('large'), SIZE);
    await half;
    // Each finds out that the other one has fallen silent.
    const areAlone = () => scene.peers.every(({ log }) => log.includes('no sign of life'));
    await untilTrue(areAlone, 50_000, () => scene.log);
    for (const proxy of scene.proxies()) {
      proxy.flow();
      proxy.cut();
    }
    await scene.allHave(0, 30_000);
    expect(scene.passed()).toBeLessThan(SIZE + SENT_AGAIN);
  });

  it('R15: fetches only what was damaged, and what was on its way with it, again', async () => {
    const scene = await pair();
    const [proxy, other] = scene.proxies();
    let sent = 0;
    let flips = 0;
    for (const one of [proxy, other]) {
      one?.meddle((bytes) => {
        const before = Math.floor(sent / (16 * MiB));
        sent += bytes.length;
        if (bytes.length < 32 * KiB || Math.floor(sent / (16 * MiB)) === before) return bytes;
        flips += 1;
        const damaged = Buffer.from(bytes);
        damaged.writeUInt8(damaged.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
        return damaged;
      });
    }
    writeRandom(scene.peer(0).at('large'), SIZE);
    await scene.allHave(0, 30_000);
    setSpecProperty('sent again, KiB', Math.round((scene.passed() - SIZE) / KiB));
    expect(flips).toBeGreaterThan(2);
    expect(scene.passed()).toBeLessThan(SIZE + flips * 8 * MiB + MiB);
  });

  it('R14: comes to the same on all peers after they were killed at any moment', async () => {
    const scene = await sceneOf(3);
    await scene.startAll();
    for (let round = 0; round < 6; round += 1) {
      for (let file = 0; file < 5; file += 1) {
        const peer = scene.peer(randomInt(3));
        writeRandom(peer.at(`folder ${randomInt(3)}`, `file ${randomInt(8)}`), randomInt(400_000));
        if (randomInt(5) === 0) rmSync(peer.at(`folder ${randomInt(3)}`), { recursive: true, force: true });
      }
      const victim = round % 3;
      const size = () => readFileSync(scene.peer(victim).inState('journal')).length;
      const before = size();
      // At once, or when it has begun to take what is new.
      if (round % 2 === 0)
        await untilTrue(
          () => size() > before,
          5_000,
          () => scene.log,
        ).catch(() => undefined);
      await scene.kill9(victim);
      await scene.start(victim);
    }
    await scene.idle();
    await scene.equal();
  });
});
