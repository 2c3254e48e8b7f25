import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureMemory } from '../bench/memory.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('The memory of a mirror', () => {
  const folder = temporaryFolder();

  function write(folders: number, filesPerFolder: number): void {
    for (let number = 0; number < folders; number += 1) {
      // Long, so that a name that keeps its whole path alive is seen.
      const inner = join(folder(), `folder-${number}-${'long-'.repeat(20)}`);
      mkdirSync(inner);
      for (let file = 0; file < filesPerFolder; file += 1) writeFileSync(join(inner, `file-number-${file}.txt`), '');
    }
  }

  // Machine code that is made of what gets hot would take more than what is looked for.
  const flags = ['--max-opt=0'];

  it('holds at most 160 bytes for an entry between two cycles', async () => {
    write(400, 50);
    const { entries, heapPerEntry } = await measureMemory(folder(), { flags });
    expect(entries).toBe(400 * 51);
    expect(heapPerEntry).toBeGreaterThan(0);
    expect(heapPerEntry).toBeLessThanOrEqual(160);
  });

  it('does not grow in 1,000 cycles without changes', async () => {
    write(5, 10);
    const { idleGrowth } = await measureMemory(folder(), { warmCycles: 2000, idleCycles: 1000, flags });
    // Less than three words for each cycle.
    expect(idleGrowth).toBeLessThan(24_000);
  });
});
