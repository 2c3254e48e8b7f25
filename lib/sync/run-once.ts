import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Uploaded } from '../transfer/transport.ts';
import type { Tally } from './cycle-summary.ts';
import { describeStep } from './messages.ts';
import type { Plan, Step } from './plan.ts';
import { type Ending, type Mover, runPlan } from './run-plan.ts';

/** Which side is made equal to the other: `pull` the near one, `push` the far one. */
export type Direction = 'pull' | 'push';

/** What {@link runOnce} works with. */
export interface RunOnceSurroundings {
  readonly direction: Direction;
  /** Only tell what would be done. */
  readonly dryRun: boolean;
  readonly mover: Mover;
  /** Absolute path of the near folder. */
  readonly localRoot: string;
  /** With which size and time a file of the target was seen: it is removed only as long as it has them. */
  readonly knownAt: (path: string) => Uploaded | undefined;
  readonly tally: Tally;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Run a plan, or tell what it would do; count, and log what did not go well. */
export async function runOnce(plan: Plan, surroundings: RunOnceSurroundings): Promise<void> {
  const { dryRun, tally, logger, direction } = surroundings;
  const target = direction === 'pull' ? 'the near folder' : 'the site';
  tally.failed += plan.blocked.length;
  for (const path of plan.blocked) {
    logger.error(`No room : ${path}, ${target} has an entry of that name that stays: nothing is removed, or not that`);
  }
  if (dryRun) dryRunOf(plan, surroundings);
  else await run(plan, surroundings);
  if (tally.putOff > 0) logger.warn(`Removals put off : ${tally.putOff}, to a run without errors`);
}

function dryRunOf({ steps, blocked }: Plan, { tally, logger, direction }: RunOnceSurroundings): void {
  for (const step of steps) {
    if (step.vanished && blocked.length > 0) {
      tally.putOff += 1;
      continue;
    }
    logger.info(`Dry run : ${describe(step, direction)}`);
    tally.count(step, step);
  }
}

async function run(plan: Plan, surroundings: RunOnceSurroundings): Promise<void> {
  const { mover, tally, logger } = surroundings;
  const { skipped, putOff, notBegun } = await runPlan(plan, {
    ...surroundings,
    transport: mover,
    hadFaults: plan.blocked.length > 0,
    onBegin: () => undefined,
    onEnded: (step, ending) => take(step, ending, surroundings),
  });
  tally.failed += skipped.length;
  tally.putOff += putOff.length;
  tally.notBegun = notBegun;
  if (skipped.length > 0) logger.error(`Not begun : ${skipped.length} more, since what they need failed`);
}

function take(step: Step, ending: Ending, { tally, logger, direction }: RunOnceSurroundings): void {
  switch (ending.as) {
    case 'done':
      tally.count(step, ending.uploaded);
      break;
    case 'withdrawn':
      break;
    case 'left':
      logger.warn(`${describe(step, direction)} put off : ${messageOf(ending.error)}`);
      break;
    case 'changed':
      tally.changedMeanwhile += 1;
      logger.warn(`${describe(step, direction)} put off : ${messageOf(ending.error)}`);
      break;
    case 'failed':
      tally.failed += 1;
      logger.error(`${describe(step, direction)} failed : ${messageOf(ending.error)}`);
  }
}

function describe({ kind, path, size }: Step, direction: Direction): string {
  return describeStep({ kind: kind === 'upload' && direction === 'pull' ? 'download' : kind, path, size });
}
