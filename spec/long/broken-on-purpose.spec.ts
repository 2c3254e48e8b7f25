import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokenCopy } from '../flaws/broken-copy.ts';
import { flaws, rowOf } from '../flaws/flaws.ts';
import { programs } from '../support/run-program.ts';

// Twice the start of a runner with a few specs; a flaw may make each of those wait until it is given up.
const PATIENCE_MS = 300_000;

describe('A server or client that is broken on purpose', () => {
  const run = programs();
  let folder: string;
  let copy: BrokenCopy;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-flaws-'));
    copy = new BrokenCopy(folder, run);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const flaw of flaws) {
    it(
      `fails the spec of ${rowOf(flaw)}, which it passes unbroken, when it ${flaw.does}`,
      async () => {
        expect(await copy.whole(flaw)).toBeUndefined();
        expect(await copy.broken(flaw)).toBeUndefined();
        setSpecProperty('row', {
          row: rowOf(flaw),
          'what it does': flaw.does,
          broken: flaw.file,
          'found by': flaw.spec,
        });
      },
      PATIENCE_MS,
    );
  }
});
