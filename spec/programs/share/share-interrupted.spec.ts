import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Damage, damageOnTheWay } from '../../support/share/damage.ts';
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

  it('R26: brings to an end what was half-done before it begins anything else', async () => {
    const scene = await pair();
    const [a, b] = [scene.peer(0), scene.peer(1)];
    const half = scene.whenPassed(SIZE / 2, () => b.program.signal('SIGKILL'));
    writeRandom(a.at('begun'), SIZE);
    await half;
    await scene.kill9(1);
    const others = ['a new one', 'zz new one'];
    for (const name of others) writeRandom(a.at(name), SIZE / 2);
    await untilTrue(
      () => others.every((name) => a.log.includes(`Found : ${name}`)),
      20_000,
      () => scene.log,
    );
    await scene.start(1);
    await untilTrue(
      () => existsSync(b.at('begun')),
      20_000,
      () => scene.log,
    );
    expect(others.filter((name) => existsSync(b.at(name)))).toEqual([]);
    await scene.allHave(0);
  });

  it('R15: fetches only the chunks that were damaged again', async () => {
    const scene = await pair();
    /** The bytes that it takes until both have a file. */
    const costOf = async (name: string, begin?: (path: string) => void) => {
      const path = join(scene.peer(0).place.folder, name);
      writeRandom(path, SIZE);
      begin?.(path);
      const before = scene.passed();
      renameSync(path, scene.peer(0).at(name));
      await scene.allHave(0, 30_000);
      return scene.passed() - before;
    };
    const undamaged = await costOf('whole');
    let damage: () => Damage = () => ({ flips: 0, damagedBytes: 0 });
    const damaged = await costOf('damaged', (path) => {
      damage = damageOnTheWay(scene, path, 8 * MiB);
    });
    const [{ flips, damagedBytes }, again] = [damage(), damaged - undamaged];
    setSpecProperty('damaged bytes, their chunks and what was sent again, KiB', [
      flips,
      ...[damagedBytes, again].map((bytes) => Math.round(bytes / KiB)),
    ]);
    expect(flips).toBeGreaterThan(4);
    // Two random files have lists of chunks of different length.
    expect(Math.abs(again - damagedBytes)).toBeLessThan(16 * KiB);
    expect(again).toBeLessThan(flips * 256 * KiB);
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
