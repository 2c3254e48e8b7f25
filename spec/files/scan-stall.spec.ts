import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { makeFilter } from '../../lib/files/filter.ts';
import { type Scan, scan } from '../../lib/files/scan.ts';

const FILES = 100_000;
const LONGEST_STALL_MS = 50;

/** Do something, and measure the longest time the event loop had no turn meanwhile. */
async function longestStall(act: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let longest = 0;
  const watching = (async () => {
    for (let last = performance.now(); !isOver; ) {
      await turn();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
  })();
  await act();
  isOver = true;
  await watching;
  return longest;
}

describe('A scan of 100,000 files in one folder', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
    for (let number = 0; number < FILES; number += 1) closeSync(openSync(join(folder, `file-${number}`), 'w'));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

  it('finds them all and never stalls the event loop for 50 ms', async () => {
    // The one place that looks at a real clock, as a stall is nothing but time. Other work on the machine can stall any
    // program, so one quiet try out of three will do; a scan that stalls by itself does so in each.
    let best = Infinity;
    for (let tries = 0; tries < 3 && best >= LONGEST_STALL_MS; tries += 1) {
      let result: Scan | undefined;
      const stall = await longestStall(async () => {
        result = await scan(folder, { maxDepth: 1, filter: makeFilter(), links: 'skip' });
      });
      expect([...(result?.root.files() ?? [])].length).toBe(FILES);
      best = Math.min(best, stall);
    }
    expect(best).toBeLessThan(LONGEST_STALL_MS);
  }, 120_000);
});
