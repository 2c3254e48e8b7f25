import { join } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { missingForLab } from '../lab/lab.ts';
import type { ContestantName } from './contestant.ts';
import { contestants } from './contestants.ts';
import { shareRows } from './rows.ts';
import { runScenes } from './run-scenes.ts';

describe('the benchmark of sharing', () => {
  const temporary = temporaryFolder();

  for (const contestant of ['ours TLS', 'Syncthing tuned', 'rsync'] satisfies ContestantName[]) {
    it(`has ${contestant} send a change in a network of its own, and compares what has arrived`, async () => {
      // What is not installed is told, also with CI=true: nothing else here needs these programs.
      const missing = missingForLab() ?? contestants[contestant].missing();
      if (missing !== undefined) pending(missing);
      const faults: string[] = [];
      const [result] = await runScenes(
        shareRows.filter(({ id }) => id === 'first/text'),
        {
          ...{ contestants: [contestant], rounds: 2, scale: 0.001, folder: join(temporary()) },
          ...{ signal: new AbortController().signal, onSample: () => undefined },
          onFault: (_scene, _contestant, fault) => faults.push(fault),
        },
      );

      expect(faults).toEqual([]);
      const figures = result?.samples.map((sample) => sample.figures) ?? [];
      expect(figures.length).toBe(2);
      for (const { seconds = 0, wireMiB = 0, peakMiB = 0, cpuSeconds } of figures) {
        expect(seconds).toBeGreaterThan(0);
        // 4 MiB of text, that may be packed, and no other program's bytes.
        expect(wireMiB).toBeGreaterThan(1);
        expect(wireMiB).toBeLessThan(6);
        expect(peakMiB).toBeGreaterThan(1);
        expect(cpuSeconds).toBeDefined();
      }
    });
  }
});
