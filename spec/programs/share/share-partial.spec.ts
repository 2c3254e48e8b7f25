import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { seededRandom } from '../../support/seeded-random.ts';
import { insert, KiB, MiB, overwrite, writeRandom } from '../../support/share/files.ts';
import type { ShareScene } from '../../support/share/share-scene.ts';
import { shareScenes } from '../../support/share/share-scene.ts';

const SIZE = 64 * MiB;
const PIECE = 4 * MiB;

describe('share, and the bytes that it sends', () => {
  const sceneOf = shareScenes();

  /** Two peers that have a large file; behind a proxy, unencrypted, so that the bytes are those of the protocol. */
  async function pair(): Promise<ShareScene> {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    writeRandom(scene.peer(0).at('large'), SIZE);
    await scene.startAll();
    await scene.allHave(0);
    return scene;
  }

  /** The bytes that it takes until both are equal again. */
  async function cost(scene: ShareScene, act: () => void): Promise<number> {
    const before = scene.passed();
    act();
    await scene.allHave(0);
    const bytes = scene.passed() - before;
    setSpecProperty('KiB', Math.round(bytes / KiB));
    return bytes;
  }

  for (const [what, most, act] of [
    ['64 KiB are overwritten', MiB, (path: string) => overwrite(path, 20 * MiB + 12_345, randomBytes(64 * KiB))],
    [
      '16 times 4 KiB are overwritten, here and there',
      2.5 * MiB,
      (path: string) => {
        for (let at = 0; at < 16; at += 1) overwrite(path, at * 4 * MiB + 77_777, randomBytes(4 * KiB));
      },
    ],
    ['130,001 bytes are put in front', MiB, (path: string) => insert(path, 0, randomBytes(130_001))],
    ['1000 bytes are put into the middle', MiB, (path: string) => insert(path, 33 * MiB + 1, randomBytes(1000))],
    [
      '777 bytes are cut out of the middle',
      MiB,
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, Buffer.concat([bytes.subarray(0, 30 * MiB), bytes.subarray(30 * MiB + 777)]));
      },
    ],
    ['1 MiB is appended', 1.75 * MiB, (path: string) => appendFileSync(path, randomBytes(MiB))],
  ] as const) {
    it(`R8: are not much more than what has changed when, in 64 MiB, ${what}`, async () => {
      const scene = await pair();
      expect(await cost(scene, () => act(scene.peer(0).at('large')))).toBeLessThan(most);
    });
  }

  it('R8: are at most a fifth more than what has changed where that is at one place, wherever it is', async () => {
    const scene = await pair();
    const path = scene.peer(0).at('large');
    const piece = () => randomBytes(PIECE);
    for (const [what, act] of [
      ['overwritten at the head', () => overwrite(path, 0, piece())],
      ['overwritten in the middle', () => overwrite(path, SIZE / 2, piece())],
      ['overwritten at the end', () => overwrite(path, SIZE - piece.length, piece())],
      ['appended', () => appendFileSync(path, piece())],
      ['put into the middle', () => insert(path, 20 * MiB + 1, piece())],
      ['put in front', () => insert(path, 0, piece())],
    ] as const) {
      expect(await cost(scene, act))
        .withContext(what)
        .toBeLessThan(1.2 * PIECE);
    }
  });

  it('R8: are few when a file is renamed, copied or touched', async () => {
    const scene = await pair();
    const path = scene.peer(0).at('large');
    expect(await cost(scene, () => renameSync(path, `${path} moved`))).toBeLessThan(256 * KiB);
    expect(await cost(scene, () => writeFileSync(`${path} copy`, readFileSync(`${path} moved`)))).toBeLessThan(
      256 * KiB,
    );
  });

  it('R10: are not more than there are where nothing can be made smaller', async () => {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    await scene.startAll();
    for (const proxy of scene.proxies()) proxy.limit(12_500_000);
    expect(await cost(scene, () => writeRandom(scene.peer(0).at('random'), 8 * MiB))).toBeLessThan(8 * 1.02 * MiB);
  });

  it('R10: are less than half of a text over a slow line', async () => {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    await scene.startAll();
    for (const proxy of scene.proxies()) proxy.limit(12_500_000);
    const words = 'the quick brown fox jumps over one lazy dog and many others'.split(' ');
    const random = seededRandom(10);
    const text = Array.from({ length: 1_500_000 }, () => `${random.pick(words)}${random.integer(100)}`).join(' ');
    const bytes = await cost(scene, () => writeFileSync(scene.peer(0).at('text'), text));
    setSpecProperty('bytes', { text: text.length, wire: bytes });
    expect(bytes).toBeLessThan(0.5 * text.length);
  });

  it('R32: are not said back by who received them, and then there is silence', async () => {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    let back = 0;
    await scene.startAll();
    // Whoever called: it is counted what B has sent.
    const [byA, byB] = [scene.proxies(0, 1)[0], scene.proxies(0, 1)[1]];
    byA?.meddle((bytes, toTarget) => {
      if (!toTarget) back += bytes.length;
      return bytes;
    });
    byB?.meddle((bytes, toTarget) => {
      if (toTarget) back += bytes.length;
      return bytes;
    });
    for (let number = 0; number < 10; number += 1) writeRandom(scene.peer(0).at(`${number}`), MiB);
    await scene.allHave(0);
    setSpecProperty('bytes back', back);
    expect(back).toBeGreaterThan(0);
    expect(back).toBeLessThan(64 * KiB);
    // There is nothing to wait for in silence but time.
    await scene.idle();
    const before = scene.passed();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(scene.passed() - before).toBeLessThan(2 * KiB);
  });

  it('R27: are few when peers meet again that are equal, however many files they have', async () => {
    const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
    for (let number = 0; number < 2_000; number += 1) {
      writeRandom(scene.peer(0).at(`folder ${number % 100}`, `file ${number}`), 100);
    }
    await scene.startAll();
    await scene.allHave(0);
    for (const index of [0, 1]) await scene.stop(index);
    const before = scene.passed();
    await scene.startAll();
    // A last file tells that all before it has been talked over.
    writeFileSync(scene.peer(1).at('last'), 'last');
    await scene.allHave(1);
    setSpecProperty('bytes', scene.passed() - before);
    expect(scene.passed() - before).toBeLessThan(4 * KiB);
  });
});
