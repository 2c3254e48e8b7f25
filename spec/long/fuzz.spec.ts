import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzControl } from '../fuzz/fuzz-control.ts';
import { fuzzParsers } from '../fuzz/fuzz-parsers.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { runMeasurer } from '../support/run-measurer.ts';
import { MiB } from '../support/share/files.ts';
import type { WireFuzzFigures } from '../support/workers/wire-fuzz-measurer.ts';

const FOR_MS = 300_000;
const ROUNDS = 100_000;
const PARTS = 30;
const PATIENCE_MS = 900_000;

describe('the FTP server', () => {
  const limits = { dataWaitMs: 50, stallMs: 200, badCommands: 1_000, refusedCommands: 10_000, longLines: 50 };
  const served = servedFolder(() => ({ limits }));

  it(
    'that hears nonsense for five minutes gives one answer a line, in order, and leaves nothing behind',
    async () => {
      const seed = Date.now() % 2 ** 31;
      setSpecProperty('seed', seed);
      writeFileSync(join(served().outside, 'secret'), 'secret');
      // What is loaded at first use is no leak: one round goes before.
      await fuzzControl(served(), { seed, forMs: 5_000, atOnce: 8 });
      const before = { handles: readdirSync('/proc/self/fd').length, memory: process.memoryUsage().rss };
      const { wrongs, ...figures } = await fuzzControl(served(), { seed: seed + 1, forMs: FOR_MS, atOnce: 8 });
      const grownMiB = Math.round((process.memoryUsage().rss - before.memory) / 2 ** 20);
      setSpecProperty('talked', { ...figures, 'MiB more': grownMiB });
      expect(wrongs).withContext(`seed ${seed}`).toEqual([]);
      expect(readdirSync('/proc/self/fd').length).toBeLessThan(before.handles + 50);
      expect(grownMiB).toBeLessThan(150);
    },
    PATIENCE_MS,
  );
});

describe('the parsers of lib/ftp', () => {
  it(
    `make something right, or a refusal, of ${ROUNDS} texts each`,
    async () => {
      const seed = Date.now() % 2 ** 31;
      setSpecProperty('seed', seed);
      expect(await fuzzParsers(ROUNDS, seed))
        .withContext(`seed ${seed}`)
        .toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('a reader of messages of peers', () => {
  it(
    'that gets nonsense for five minutes makes messages of it that could have been told, or refuses it in words',
    async () => {
      const seed = Date.now() % 2 ** 31;
      setSpecProperty('seed', seed);
      const args = [seed, FOR_MS, PARTS].map(String);
      const { wrongs, grown, grownResident, ...sums } = await runMeasurer<WireFuzzFigures>('wire-fuzz-measurer', args);
      const grownMiB = { used: Math.round(grown / MiB), resident: Math.round(grownResident / MiB) };
      setSpecProperty('read', sums);
      setSpecProperty('MiB more', grownMiB);
      expect(wrongs).toEqual([]);
      // What is held back is used; of what is not, the system may get some back late.
      expect(grownMiB.used).toBeLessThan(10);
      expect(grownMiB.resident).toBeLessThan(150);
    },
    PATIENCE_MS,
  );
});
