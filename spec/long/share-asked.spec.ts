import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { changeMeanwhile } from '../support/share/changes-meanwhile.ts';
import { type Damage, damageOnTheWay } from '../support/share/damage.ts';
import { KiB, MiB, writeRandom, writeWords } from '../support/share/files.ts';
import { rateOf } from '../support/share/rate.ts';
import { shareScenes } from '../support/share/share-scene.ts';
import { ENTRIES, startInOrder, startOrders } from '../support/share/start-orders.ts';
import { untilTrue } from '../support/share/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PATIENCE_MS = 1_800_000;
const ARRIVES_MS = 300_000;
const GiB = 1024 * MiB;

// A line of 100 Mbit/s.
const LINE = 12_500_000;

const UNTOUCHED_MS = 60_000;

describe('share, for as long and with as much as was asked', () => {
  const sceneOf = shareScenes();
  const folder = temporaryFolder();

  it(
    'R5: has what is new on all three machines within half a second, a minute after its start',
    async () => {
      const scene = await sceneOf(3);
      await scene.startAll();
      await wait(UNTOUCHED_MS);
      const times: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        writeFileSync(scene.peer(round % 3).at(`new ${round}`), 'new');
        const begin = performance.now();
        await untilTrue(
          () => scene.peers.every((peer) => existsSync(peer.at(`new ${round}`))),
          ARRIVES_MS,
          () => scene.log,
        );
        times.push(performance.now() - begin);
      }
      setSpecProperty('ms', times.map(Math.round));
      expect(Math.max(...times)).toBeLessThan(500);
    },
    PATIENCE_MS,
  );

  it(
    'R10: brings 1 GiB of text over a line of 100 Mbit/s with less than half of the bytes, and much faster than the line is',
    async () => {
      const scene = await sceneOf(2, { isProxied: true });
      await scene.startAll();
      for (const proxy of scene.proxies()) proxy.limit(LINE);
      const rates: number[] = [];
      let bytes = 0;
      // What cannot be made smaller tells the rate of the line as it is here.
      for (const [name, write, size] of [
        ['random', writeRandom, 64 * MiB],
        ['text', writeWords, GiB],
      ] as const) {
        const file = join(folder(), name);
        write(file, size);
        const before = scene.passed();
        rates.push((await rateOf(scene, { file, name, bytes: size, withinMs: ARRIVES_MS })).byClock);
        bytes = scene.passed() - before;
      }
      const [line = Number.NaN, text = Number.NaN] = rates;
      setSpecProperty('MB/s of the line, and of the text', rates.map(Math.round));
      setSpecProperty('MiB sent', Math.round(bytes / MiB));
      expect(line).toBeLessThan(1.02 * (LINE / 1e6));
      expect(bytes).toBeLessThan(GiB / 2);
      // The proxy waits a little longer than it has to, the more so the smaller the pieces are.
      expect(text).toBeGreaterThan(1.7 * line);
      expect(text).toBeGreaterThan(1.5 * (LINE / 1e6));
    },
    PATIENCE_MS,
  );

  it(
    'R15: fetches only the chunks again that were damaged, with a byte changed in every 64 MiB of 1 GiB',
    async () => {
      const scene = await sceneOf(2, { isProxied: true, encryption: 'no' });
      await scene.startAll();
      let damage: () => Damage = () => ({ flips: 0, damagedBytes: 0 });
      const costs: number[] = [];
      for (const name of ['whole', 'damaged']) {
        const file = join(folder(), name);
        writeRandom(file, GiB);
        if (name === 'damaged') damage = damageOnTheWay(scene, file, 64 * MiB);
        const before = scene.passed();
        renameSync(file, scene.peer(0).at(name));
        await scene.allHave(0, ARRIVES_MS);
        costs.push(scene.passed() - before);
      }
      const [whole = 0, damaged = 0] = costs;
      const { flips } = damage();
      setSpecProperty('damaged bytes, and KiB sent again', [flips, Math.round((damaged - whole) / KiB)]);
      expect(flips).toBeGreaterThan(8);
      expect(damaged - whole).toBeLessThan(flips * 256 * KiB);
    },
    PATIENCE_MS,
  );

  for (const apartMs of [2_000, 10_000]) {
    it(
      `R21: is equal on three machines in whatever order they are started, ${apartMs / 1000} s apart`,
      async () => {
        for (const order of startOrders) {
          const scene = await sceneOf(3);
          expect((await startInOrder(scene, order, apartMs)).size)
            .withContext(order.join(', '))
            .toBe(ENTRIES);
          for (const index of order) await scene.kill9(index);
        }
      },
      PATIENCE_MS,
    );
  }

  it(
    'R33: loses nothing of what is changed while 1 GiB is being received',
    async () => {
      const { rounds, lost, conflicts } = await changeMeanwhile(await sceneOf(2), GiB, ARRIVES_MS);
      setSpecProperty('rounds', rounds);
      expect({ lost, conflicts }).toEqual({ lost: [], conflicts: [] });
      expect(rounds).toBeGreaterThan(100);
    },
    PATIENCE_MS,
  );
});
