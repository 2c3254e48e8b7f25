import type { FarSide } from '../support/far-side.ts';
import type { Fault } from '../support/faults/fault.ts';
import { type FaultRun, FaultScene, type Manner } from '../support/faults/fault-scene.ts';
import { inLanes } from '../support/in-lanes.ts';
import type { Row } from './rows.ts';

/** What was seen on the way through one row. */
export interface Passage {
  /** A run without faults, before. */
  readonly before: FaultRun;
  /** The run that was hit. */
  readonly hit: FaultRun;
  /** How often each fault happened in it. */
  readonly happened: readonly number[];
  /** A run without faults, after. */
  readonly after: FaultRun;
}

// Most of the time of a row is waiting, above all for the end of the pause before another try.
const AT_A_TIME = 5;
// The program checks two passwords at a time, 80 ms each: who has to wait for many others loses patience, which is no row.
const AT_A_TIME_TO_THE_PROGRAM = 2;

/** Go through rows, in lanes; what was seen on the way through each comes in their order. */
export function goThroughAll(rows: readonly Row[], far: FarSide, manner: Manner): readonly Promise<Passage>[] {
  return inLanes(far.kind === 'program' ? AT_A_TIME_TO_THE_PROGRAM : AT_A_TIME, rows, (row) =>
    goThrough(row, far, manner),
  );
}

/** Mirror a tree, change it, mirror it while the faults of a row happen, and mirror it once more. */
async function goThrough(row: Row, far: FarSide, manner: Manner): Promise<Passage> {
  const { when, isFirstContact, pieces, joins } = row;
  const scene = await FaultScene.open(far, when, manner);
  try {
    scene.writeFirst();
    const before = await scene.run();
    if (isFirstContact) {
      scene.add();
      scene.forget();
    } else {
      scene.change();
    }
    scene.proxy.arm(...faultsOf(row, far));
    if (pieces) scene.proxy.cutReplies(pieces);
    if (joins) scene.proxy.joinReplies();
    const hit = await scene.run();
    const { happened } = scene.proxy;
    scene.proxy.arm();
    return { before, hit, happened, after: await scene.run() };
  } finally {
    await scene.dispose();
  }
}

function faultsOf({ faults, takesHalfLines }: Row, { kind }: FarSide): readonly Fault[] {
  if (takesHalfLines !== kind) return faults;
  return faults.map((fault) => ('from' in fault ? { ...fault, wholeLines: true } : fault));
}

/** Hold what was seen against what has to be. */
export function judge({ before, hit, happened, after }: Passage, { mends, when }: Row): void {
  const held = <Value>(value: Value) => expect(value).withContext(when);
  held(before).toEqual({ status: 0, problems: [], failed: [], lies: [], differences: [], ...{ sent: before.sent } });
  held(happened.filter((times) => times === 0)).toEqual([]);
  held(hit.lies).toEqual([]);
  if (mends === 'ends equal') {
    held(hit.differences).toEqual([]);
    held(hit.problems).toEqual([]);
    held(hit.status).toBe(0);
    // The journal holds all of it: nothing is left to be sent, and nothing is sent.
    held(after.sent).toEqual([]);
  } else {
    held(hit.status).toBe(1);
    held(hit.failed).toHaveSize(1);
    const [failed = ''] = hit.failed;
    held(hit.differences.join('\n')).toContain(`${JSON.stringify(failed)}: `);
    held(hit.problems.filter((line) => line.includes(failed))).toHaveSize(1);
    held(after.sent).toContain(failed);
  }
  held(after.status).toBe(0);
  held(after.lies).toEqual([]);
  held(after.differences).toEqual([]);
}
