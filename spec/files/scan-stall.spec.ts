import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFilter } from '../../lib/files/filter.ts';
import { type Scan, scan } from '../../lib/files/scan.ts';
import { longestStall } from '../support/longest-stall.ts';

const FILES = 100_000;
const LONGEST_STALL_MS = 50;

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
