import { goThroughAll, judge } from '../faults/go-through.ts';
import { rowsFor } from '../faults/rows.ts';
import { farSideKinds, startFarSide } from '../support/far-side.ts';
import { inProcess } from '../support/faults/fault-scene.ts';

const PATIENCE_MS = 600_000;

describe('the mirror, on a bad way,', () => {
  for (const kind of farSideKinds) {
    for (const pipeline of [true, false]) {
      const how = pipeline ? 'with commands sent ahead' : 'one command at a time';
      it(
        `goes through everything that can go wrong, to ${kind}, ${how}`,
        async () => {
          const far = await startFarSide(kind);
          const manner = { ...inProcess, pipeline };
          const rows = rowsFor(manner);
          try {
            const passages = await Promise.allSettled(goThroughAll(rows, far, manner));
            for (const [index, row] of rows.entries()) {
              const passage = passages[index];
              if (passage?.status === 'fulfilled') judge(passage.value, row);
              else fail(`${row.when}: ${passage?.reason}`);
            }
            setSpecProperty('faults', rows.length);
          } finally {
            await far.stop();
          }
        },
        PATIENCE_MS,
      );
    }
  }
});
