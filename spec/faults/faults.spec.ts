import {
  type FarSide,
  type FarSideKind,
  farSideKinds,
  isMissing,
  requireFarSide,
  startFarSide,
} from '../support/far-side.ts';
import { inProcess, type Manner } from '../support/faults/fault-scene.ts';
import { goThroughAll, judge, type Passage } from './go-through.ts';
import { type Row, rows, rowsFor } from './rows.ts';

// Each row waits for those before it in its lane, in whatever order the specs are run.
const LONG_WAIT_MS = 240_000;
const inOneChild: Manner = { ...inProcess, multi: { kind: 'P', count: 1 }, connections: 2 };
const oneAtATime: Manner = { ...inProcess, pipeline: false };

const inFull: readonly FarSideKind[] = ['embedded', 'vsftpd'];
for (const kind of inFull) {
  describe(`the mirror, on a bad way to ${kind},`, () => itGoesThrough(kind, rows, inProcess));
}

// Each row goes through one of these; all of them go through all in spec/long/faults.spec.ts.
const inPart: readonly (readonly [FarSideKind, Manner])[] = [
  ...farSideKinds.filter((kind) => !inFull.includes(kind)).map((kind) => [kind, inProcess] as const),
  ...farSideKinds.map((kind) => [kind, oneAtATime] as const),
];
for (const [part, [kind, manner]] of inPart.entries()) {
  const how = manner.pipeline ? '' : 'one command at a time, ';
  describe(`the mirror, ${how}on some bad ways to ${kind},`, () => {
    itGoesThrough(
      kind,
      rowsFor(manner).filter((_, index) => index % inPart.length === part),
      manner,
    );
  });
}

describe('the mirror with two connections in a child process, on a bad way to our own server,', () => {
  // What differs is the way of news, ends and refusals; a sample of all kinds of faults shows that.
  itGoesThrough(
    'embedded',
    rows.filter((_, index) => index % 7 === 0),
    inOneChild,
  );
});

function itGoesThrough(kind: FarSideKind, rows: readonly Row[], manner: Manner): void {
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
