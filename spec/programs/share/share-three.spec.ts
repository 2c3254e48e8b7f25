import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { textOf } from '../../documents/tables.ts';
import { median } from '../../support/median.ts';
import { MiB, writeFolder, writeRandom } from '../../support/share/files.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { ENTRIES, startInOrder, startOrders } from '../../support/share/start-orders.ts';
import { untilTrue } from '../../support/share/until.ts';

// All at once, and with time between.
const APART_MS = [0, 300] as const;

describe('share, and three machines', () => {
  const sceneOf = shareScenes();

  for (const order of startOrders) {
    for (const apartMs of APART_MS) {
      it(`R21: are equal when started ${apartMs} ms apart in the order ${order.join(', ')}`, async () => {
        const scene = await sceneOf(3);
        expect((await startInOrder(scene, order, apartMs)).size).toBe(ENTRIES);
      });
    }
  }

  it('R22: have all from whoever is there, when the one that it came from is not', async () => {
    const scene = await sceneOf(3);
    await scene.start(0);
    await scene.start(1);
    writeRandom(scene.peer(0).at('large'), 16 * MiB);
    writeFolder(scene.peer(0).at('folder'));
    const tree = await scene.allHave(0);
    await scene.kill9(0);
    await scene.start(2);
    await scene.has(2, tree);
    writeFileSync(scene.peer(2).at('meanwhile'), 'meanwhile');
    await scene.allHave(2);
    await scene.start(0);
    expect((await scene.equal()).size).toBe(tree.size + 1);
  });

  it('R19: need none of them for ever', async () => {
    const scene = await sceneOf(3);
    await scene.start(1);
    await scene.start(2);
    for (const index of [1, 2]) {
      writeRandom(scene.peer(index).at(`by ${index}`), MiB);
      await scene.allHave(index);
    }
    for (const index of [1, 2]) {
      await scene.stop(index);
      await scene.start(index);
    }
    writeFileSync(scene.peer(1).at('again'), 'again');
    expect((await scene.allHave(1)).size).toBe(3);
  });

  it('R28: hear of what is small while much is on its way', async () => {
    const scene = await sceneOf(3, { isProxied: true });
    await scene.startAll();
    const large = scene.whenPassed(4 * MiB, () => undefined, 1, 2);
    // Some ten megabytes a second: it takes long enough.
    for (const proxy of scene.proxies(1, 2)) proxy.limit(16 * MiB);
    writeRandom(scene.peer(1).at('large'), 64 * MiB);
    await large;
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      writeFileSync(scene.peer(0).at(`small ${round}`), 'small');
      const begin = performance.now();
      const isThere = () => [1, 2].every((index) => existsSync(scene.peer(index).at(`small ${round}`)));
      await untilTrue(isThere, 5_000, () => scene.log);
      times.push(performance.now() - begin);
    }
    expect(existsSync(scene.peer(2).at('large'))).toBeFalse();
    setSpecProperty('ms', times.map(Math.round));
    expect(median(times)).toBeLessThan(1_000);
    await scene.allHave(1);
  });

  it('R14: go on being equal while all of them are written to', async () => {
    const scene = await sceneOf(3);
    await scene.startAll();
    // Whoever overwrites a file empties it first.
    const written = new Set<string>(['']);
    const texts = new Set<string>();
    const end = performance.now() + 5_000;
    for (let round = 0; performance.now() < end; round += 1) {
      const text = `${round % 3} ${round} ${'x'.repeat(round % 70_000)}`;
      written.add(text);
      writeFileSync(scene.peer(round % 3).at(`file ${round % 7}`), text);
      const seen = scene.peer((round + 1) % 3).at(`file ${(round + 3) % 7}`);
      if (existsSync(seen)) texts.add(readFileSync(seen, 'utf8'));
      await wait(round % 40);
    }
    await scene.idle();
    const tree = await scene.equal();
    expect(tree.size).toBeGreaterThanOrEqual(7);
    // At no time was there anything in a file that nobody had written.
    expect([...texts].filter((text) => !written.has(text)).map((text) => text.slice(0, 20))).toEqual([]);
    expect(texts.size).toBeGreaterThan(7);
    for (const path of tree.keys()) expect(written).toContain(readFileSync(scene.peer(0).at(path), 'utf8'));
  });

  it('R34: need nothing to be compiled or fetched besides the packages themselves', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, LockedPackage> };
    const needed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);
    // With what the packages need in their turn.
    expect(needed.length).toBeGreaterThan(5);
    for (const [name, { resolved, hasInstallScript }] of needed) {
      expect(resolved ?? REGISTRY)
        .withContext(name)
        .toContain(REGISTRY);
      expect(hasInstallScript).withContext(name).toBeUndefined();
      expect(existsSync(join(name, 'binding.gyp')))
        .withContext(name)
        .toBeFalse();
    }
  });
});

// What comes from elsewhere always has its address there.
const REGISTRY = 'https://registry.npmjs.org/';

/** What `package-lock.json` tells of a package. */
interface LockedPackage {
  readonly dev?: boolean;
  readonly resolved?: string;
  /** npm sees it before it installs anything, `binding.gyp` without a script included. */
  readonly hasInstallScript?: boolean;
}
