import { type FarSideKind, farSideKinds } from '../support/far-side.ts';
import { inProcess, type Manner } from '../support/faults/fault-scene.ts';
import { inFull, itGoesThrough } from './it-goes-through.ts';
import { rowsFor } from './rows.ts';

const oneAtATime: Manner = { ...inProcess, pipeline: false };

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
