import { type FarSide, type FarSideKind, isMissing, requireFarSide, startFarSide } from '../support/far-side.ts';
import type { Manner } from '../support/faults/fault-scene.ts';
import { goThroughAll, judge, type Passage } from './go-through.ts';
import type { Row } from './rows.ts';

// Each row waits for those before it in its lane, in whatever order the specs are run.
const LONG_WAIT_MS = 240_000;

/** Those that go through everything; the others go through a part each. */
export const inFull: readonly FarSideKind[] = ['embedded', 'vsftpd'];

/** The specs of a `describe`, one for each row, all of them with one server. */
export function itGoesThrough(kind: FarSideKind, rows: readonly Row[], manner: Manner): void {
  let far: FarSide | undefined;
  let passages: readonly Promise<Passage>[] = [];

  // All of them begin here, in lanes; each spec then waits for its own.
  beforeAll(async () => {
    if (isMissing(kind)) return;
    far = await startFarSide(kind);
    passages = goThroughAll(rows, far, manner);
  });
  afterAll(async () => {
    await Promise.allSettled(passages);
    await far?.stop();
  });

  for (const [index, row] of rows.entries()) {
    it(
      `${row.mends} when ${row.when}`,
      async () => {
        requireFarSide(kind);
        const passage = await passages[index];
        if (passage) judge(passage, row);
      },
      LONG_WAIT_MS,
    );
  }
}
