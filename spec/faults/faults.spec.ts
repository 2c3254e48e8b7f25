import { type FarSide, type FarSideKind, isMissing, startFarSide } from '../support/far-side.ts';
import type { Workers } from '../support/faults/fault-scene.ts';
import { requireServer } from '../support/foreign-server.ts';
import { inLanes } from '../support/in-lanes.ts';
import { goThrough, judge, type Passage } from './go-through.ts';
import { type Row, rows } from './rows.ts';

// Most of the time of a row is waiting, above all for the end of the pause before another try.
const AT_A_TIME = 5;
// Each row waits for those before it in its lane, in whatever order the specs are run.
const LONG_WAIT_MS = 240_000;
const kinds: readonly FarSideKind[] = ['embedded', 'vsftpd'];
const oneChild: Workers = { multi: { kind: 'P', count: 1 }, connections: 2 };

for (const kind of kinds) {
  describe(`the mirror, on a bad way to ${kind},`, () => itGoesThrough(kind, rows));
}

describe('the mirror with two connections in a child process, on a bad way to our own server,', () => {
  // What differs is the way of news, ends and refusals; a sample of all kinds of faults shows that.
  itGoesThrough(
    'embedded',
    rows.filter((_, index) => index % 7 === 0),
    oneChild,
  );
});

function itGoesThrough(kind: FarSideKind, rows: readonly Row[], workers?: Workers): void {
  let far: FarSide | undefined;
  let passages: readonly Promise<Passage>[] = [];

  // All of them begin here, in lanes; each spec then waits for its own.
  beforeAll(async () => {
    if (isMissing(kind)) return;
    const started = await startFarSide(kind);
    far = started;
    passages = inLanes(AT_A_TIME, rows, (row) => goThrough(row, started, workers));
  });
  afterAll(async () => {
    await Promise.allSettled(passages);
    await far?.stop();
  });

  for (const [index, row] of rows.entries()) {
    it(
      `${row.mends} when ${row.when}`,
      async () => {
        if (kind !== 'embedded') requireServer(kind);
        const passage = await passages[index];
        if (passage) judge(passage, row);
      },
      LONG_WAIT_MS,
    );
  }
}
