import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { appendFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type CourseTimes, course2020, course2021 } from '../support/share/course.ts';
import { EventLoopWatch, type Stall } from '../support/share/event-loop-watch.ts';
import { bring, insert, KiB, MiB, overwrite, writeFolder, writeRandom, writeSparse } from '../support/share/files.ts';
import { leastRates, type Rate, rateOf } from '../support/share/rate.ts';
import type { ShareScene } from '../support/share/share-scene.ts';
import { shareScenes } from '../support/share/share-scene.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PATIENCE_MS = 1_800_000;
const ARRIVES_MS = 300_000;
const GiB = 1024 * MiB;

// What the research asks for.
const MOST_MEMORY = 200 * MiB;

// Long enough for memory to grow, were it to.
const ALONE_MS = 600_000;
const CHURN_MS = 600_000;

describe('share, with as much as there may be', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();

  function told(times: CourseTimes): void {
    for (const [what, seconds] of Object.entries(times)) setSpecProperty(`${what}, s`, seconds);
  }

  async function seconds(act: () => Promise<unknown>): Promise<number> {
    const begin = performance.now();
    await act();
    return Math.round(performance.now() - begin) / 1000;
  }

  function tellMemory({ peers }: ShareScene): void {
    const peaks = peers.map(({ peak }) => peak);
    setSpecProperty(
      'most memory, MiB',
      peaks.map((peak) => Math.round(peak / MiB)),
    );
    expect(Math.max(...peaks)).toBeLessThan(MOST_MEMORY);
  }

  for (const encryption of ['no', 'yes'] as const) {
    it(
      `R4, R9, R31: brings 1 GiB over, encryption ${encryption}`,
      async () => {
        const scene = await sceneOf(2, { encryption });
        await scene.startAll();
        const rates: Rate[] = [];
        for (const name of ['one', 'other', 'third']) {
          const file = join(folder(), name);
          writeRandom(file, GiB);
          rates.push(await rateOf(scene, { file, name, bytes: GiB, withinMs: ARRIVES_MS }));
        }
        for (const kind of ['byClock', 'byProcessors'] as const) {
          const best = Math.max(...rates.map((rate) => rate[kind]));
          setSpecProperty(`MB/s, ${kind}`, Math.round(best));
          // Nothing else is at work here, so that the clock has to say the same.
          expect(best).toBeGreaterThan(leastRates[encryption].byProcessors);
        }
        await scene.allHave(0, ARRIVES_MS);
        tellMemory(scene);
      },
      PATIENCE_MS,
    );

    it(
      `2021, with 500 MB, encryption ${encryption}`,
      async () => {
        const scene = await sceneOf(2, { encryption });
        const options = { source: join(folder(), 'source'), first: 10_000_000, large: 500_000_000 };
        told(await course2021(scene, options));
        await scene.equal();
      },
      PATIENCE_MS,
    );

    it(
      `2020, with 500 MB, encryption ${encryption}`,
      async () => {
        const scene = await sceneOf(3, { encryption });
        const options = { source: join(folder(), 'source'), first: 10_000_000, large: 500_000_000 };
        told(await course2020(scene, options, encryption === 'yes' ? [2, 0, 1] : [0, 1, 2]));
        await scene.equal();
      },
      PATIENCE_MS,
    );
  }

  it(
    'R4: brings one byte more than 4 GiB over',
    async () => {
      const scene = await sceneOf(2);
      writeSparse(scene.peer(0).at('sparse'), 4 * GiB + 1);
      await scene.startAll();
      setSpecProperty('seconds', await seconds(() => scene.allHave(0, ARRIVES_MS)));
      tellMemory(scene);
    },
    PATIENCE_MS,
  );

  it(
    'R8: sends little more of 1 GiB than what has changed',
    async () => {
      const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
      const path = scene.peer(0).at('large');
      writeRandom(path, GiB);
      await scene.startAll();
      await scene.allHave(0, ARRIVES_MS);
      for (const [what, most, act] of [
        ['1 MiB overwritten', 4 * MiB, () => overwrite(path, 600 * MiB + 1, randomBytes(MiB))],
        ['256 times 4 KiB overwritten', 40 * MiB, () => scatter(path)],
        ['10 MiB overwritten at the head', 12 * MiB, () => overwrite(path, 0, randomBytes(10 * MiB))],
        ['10 MiB overwritten in the middle', 12 * MiB, () => overwrite(path, GiB / 3, randomBytes(10 * MiB))],
        ['10 MiB overwritten at the end', 12 * MiB, () => overwrite(path, GiB - 10 * MiB, randomBytes(10 * MiB))],
        ['10 MiB appended', 12 * MiB, () => appendFileSync(path, randomBytes(10 * MiB))],
        ['10 MiB put in front', 12 * MiB, () => insert(path, 0, randomBytes(10 * MiB))],
        ['10 MiB put into the middle', 12 * MiB, () => insert(path, GiB / 2 + 1, randomBytes(10 * MiB))],
      ] as const) {
        const before = scene.passed();
        act();
        setSpecProperty(`${what}, s`, await seconds(() => scene.allHave(0, ARRIVES_MS)));
        setSpecProperty(`${what}, KiB`, Math.round((scene.passed() - before) / KiB));
        expect(scene.passed() - before).toBeLessThan(most);
      }
    },
    PATIENCE_MS,
  );

  it(
    'R29: never stalls its event loop for 50 ms while it reads 1 GiB',
    async () => {
      const scene = await sceneOf(2);
      const watch = new EventLoopWatch(join(folder(), 'stalls'));
      await scene.start(0, { env: watch.env });
      await scene.peer(0).program.waitForLine(/Looked through/);
      const stalls: Stall[] = [];
      for (let tries = 0; tries < 3; tries += 1) {
        writeRandom(join(folder(), 'large'), GiB);
        bring(join(folder(), 'large'));
        await watch.longest(scene.peer(0));
        renameSync(join(folder(), 'large'), scene.peer(0).at(`large ${tries}`));
        await scene.peer(0).program.waitForLine(new RegExp(`Found : large ${tries},`), ARRIVES_MS);
        stalls.push(await watch.longest(scene.peer(0)));
      }
      for (const kind of ['byClock', 'own', 'ran'] as const) {
        const longest = stalls.map((stall) => Math.round(stall[kind]));
        setSpecProperty(`longest of each try, ms, ${kind}`, longest);
      }
      for (const { own } of stalls) expect(own).toBeLessThan(50);
      expect(Math.min(...stalls.map(({ byClock }) => byClock))).toBeLessThan(50);
    },
    PATIENCE_MS,
  );

  it(
    'ends within a minute when the disk of the share is not mounted any more, and deletes nothing elsewhere',
    async () => {
      const scene = await sceneOf(2);
      const { folder: place } = scene.peer(0).place;
      rmdirSync(place);
      const disk = makeSmallDisk(place, 16 * 1024);
      if (!disk.isShared) pending('no disk can be mounted here');
      writeFolder(scene.peer(0).at('folder'));
      await scene.startAll();
      const tree = await scene.allHave(0);
      // What is open stays open, as with a disk that is pulled out.
      execFileSync('umount', ['--lazy', place], { stdio: 'pipe' });
      const { status, stdout } = await scene.peer(0).program.ended;
      expect(status).toBe(4);
      expect(stdout).toContain('Nothing was deleted elsewhere');
      expect(await scene.tree(1)).toEqual(tree);
    },
    PATIENCE_MS,
  );

  it(
    'R13: goes on in the middle of 1 GiB after a kill of either side',
    async () => {
      const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
      await scene.startAll();
      for (const victim of [1, 0]) {
        const before = scene.passed();
        const half = scene.whenPassed(GiB / 2, () => scene.peer(victim).program.signal('SIGKILL'));
        writeRandom(scene.peer(0).at(`large ${victim}`), GiB);
        await half;
        await scene.kill9(victim);
        await scene.start(victim);
        await scene.allHave(0, ARRIVES_MS);
        const again = scene.passed() - before - GiB;
        setSpecProperty(
          `sent again after a kill of ${victim === 1 ? 'who receives' : 'who sends'}, KiB`,
          Math.round(again / KiB),
        );
        expect(again).toBeLessThan(16 * MiB);
      }
    },
    PATIENCE_MS,
  );

  it(
    'R27: says little when peers meet again that have 10,000 equal files',
    async () => {
      const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
      for (let number = 0; number < 10_000; number += 1) {
        writeRandom(scene.peer(0).at(`folder ${number % 100}`, `file ${number}`), 1 + randomInt(32 * KiB));
      }
      await scene.startAll();
      setSpecProperty('first time, s', await seconds(() => scene.allHave(0, ARRIVES_MS)));
      tellMemory(scene);
      for (const index of [0, 1]) await scene.stop(index);
      const before = scene.passed();
      await scene.startAll();
      writeRandom(scene.peer(1).at('last'), 10);
      setSpecProperty('second time, s', await seconds(() => scene.allHave(1, ARRIVES_MS)));
      setSpecProperty('second time, bytes', scene.passed() - before);
      expect(scene.passed() - before).toBeLessThan(100 * KiB);
    },
    PATIENCE_MS,
  );

  it(
    'R25: runs alone for ten minutes, and neither grows nor says much',
    async () => {
      const scene = await sceneOf(3);
      writeRandom(scene.peer(0).at('a'), MiB);
      await scene.start(0);
      await wait(30_000);
      const before = scene.peer(0).memory;
      await wait(ALONE_MS);
      setSpecProperty(
        'memory, MiB',
        [before, scene.peer(0).memory].map((memory) => Math.round(memory / MiB)),
      );
      expect(scene.peer(0).memory).toBeLessThan(before + 16 * MiB);
      expect(scene.peer(0).log.split('\n').length).toBeLessThan(60);
      expect((await scene.peer(0).stop()).status).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'R14: comes to the same after ten minutes of changes, kills and restarts',
    async () => {
      const scene = await sceneOf(3);
      await scene.startAll();
      const end = performance.now() + CHURN_MS;
      let rounds = 0;
      for (; performance.now() < end; rounds += 1) {
        for (let change = 0; change < 20; change += 1) {
          const path = scene.peer(randomInt(3)).at(`folder ${randomInt(4)}`, `file ${randomInt(20)}`);
          if (randomInt(6) === 0) rmSync(path, { force: true });
          else writeRandom(path, randomInt(500_000));
          await wait(randomInt(30));
        }
        const victim = randomInt(3);
        await scene.kill9(victim);
        await wait(randomInt(500));
        await scene.start(victim);
        if (rounds % 10 === 9) await scene.idle();
      }
      await scene.idle();
      const tree = await scene.equal();
      setSpecProperty('rounds, and files in the end', [rounds, tree.size]);
      expect(tree.size).toBeGreaterThan(20);
    },
    PATIENCE_MS,
  );
});

function scatter(path: string): void {
  const { size } = statSync(path);
  for (let at = 0; at < 256; at += 1) overwrite(path, randomInt(size - 4 * KiB), randomBytes(4 * KiB));
}
