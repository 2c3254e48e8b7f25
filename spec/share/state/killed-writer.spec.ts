import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from '../../support/run-program.ts';
import { beginningOf, shareStates } from '../../support/share/share-states.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WRITER = fileURLToPath(new URL('../../support/workers/share-state-writer.js', import.meta.url));

// In the middle of it, and after some thousand more, when the journal has been compacted.
const KILLED_AFTER = [100, 700, 6_000, 20_000];

describe('A ShareState whose process is killed', () => {
  const folder = temporaryFolder();
  const run = programs();
  const open = shareStates();

  for (const count of KILLED_AFTER) {
    it(`has all that was saved before anybody could be told, after ${count}`, async () => {
      const place = join(folder(), '.left');
      const writer = run(WRITER, { args: [place] });
      await writer.waitForLine(new RegExp(`^saved ${count}$`));
      const { stdout } = await writer.stop();
      const [, id] = stdout.match(/^id (\w+)\n/) ?? [];
      const told = Number(stdout.match(/saved (\d+)\n(?:[^\n]*)?$/)?.[1]);
      const { saved, settled, ...beginning } = beginningOf(open(place));
      const last = Math.max(...[...saved.values()].map(({ number }) => number));
      expect(beginning.id).toBe(id ?? 'none');
      expect(last).toBeGreaterThanOrEqual(told);
      expect([last, last - 1]).toContain(settled.get('a peer') ?? 0);
      for (const [path, { number }] of saved) {
        expect([path, number > last - 100]).toEqual([`file ${number % 100}`, true]);
      }
      // Some 300 bytes for each: it would be 6 MB after 20,000.
      expect(statSync(join(place, 'journal')).size).toBeLessThan(4_000_000);
    });
  }
});
