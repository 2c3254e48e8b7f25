import type { FarSide } from '../support/far-side.ts';
import { type FaultRun, FaultScene, type Workers } from '../support/faults/fault-scene.ts';
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

/** Mirror a tree, change it, mirror it while the faults of a row happen, and mirror it once more. */
export async function goThrough(row: Row, far: FarSide, workers?: Workers): Promise<Passage> {
  const { when, faults, isFirstContact, pieces, joins } = row;
  const scene = await FaultScene.open(far, when, workers);
  try {
    scene.writeFirst();
    const before = await scene.run();
    if (isFirstContact) {
      scene.add();
      scene.forget();
    } else {
      scene.change();
    }
    scene.proxy.arm(...faults);
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

/** Hold what was seen against what has to be. */
export function judge({ before, hit, happened, after }: Passage, { mends }: Row): void {
  expect(before).toEqual({ status: 0, problems: [], failed: [], lies: [], differences: [], ...{ sent: before.sent } });
  expect(happened.filter((times) => times === 0)).toEqual([]);
  expect(hit.lies).toEqual([]);
  if (mends === 'ends equal') {
    expect(hit.differences).toEqual([]);
    expect(hit.problems).toEqual([]);
    expect(hit.status).toBe(0);
    // The journal holds all of it: nothing is left to be sent, and nothing is sent.
    expect(after.sent).toEqual([]);
  } else {
    expect(hit.status).toBe(1);
    expect(hit.failed).toHaveSize(1);
    const [failed = ''] = hit.failed;
    expect(hit.differences.join('\n')).toContain(`${JSON.stringify(failed)}: `);
    expect(hit.problems.filter((line) => line.includes(failed))).toHaveSize(1);
    expect(after.sent).toContain(failed);
  }
  expect(after.status).toBe(0);
  expect(after.lies).toEqual([]);
  expect(after.differences).toEqual([]);
}
