import { messageOf } from '../base/coded-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Transport, Uploaded } from '../transfer/transport.ts';
import type { Tally } from './cycle-summary.ts';
import { describeLeft, describeStep } from './messages.ts';
import type { PairJournal } from './pair-journal.ts';
import type { Plan, Step } from './plan.ts';
import { type Ending, runPlan } from './run-plan.ts';

/** What {@link carryOut} works with. */
export interface CarryOutSurroundings {
  readonly transport: Transport;
  readonly journal: PairJournal;
  readonly logger: Logger;
  readonly tally: Tally;
  /** Absolute path of the near folder. */
  readonly localRoot: string;
  /** No step is begun after it is aborted. */
  readonly signal: AbortSignal;
  /** With which size and time the file at a path was sent; `undefined` when it is to be removed whatever it is by now. */
  readonly knownAt: (path: string) => Uploaded | undefined;
  /** Told of each step that need not be done again: it was, or what is there is not the mirror's alone. */
  readonly onSettled: (step: Step) => void;
  /** Were there errors before? Then nothing that vanished is removed. */
  readonly hadFaults: boolean;
}

/** What became of the uploads of a plan. */
export interface CarriedOut {
  /** Those that did not end well, or never began. */
  readonly unsent: readonly Step[];
  /** Those that sent another version of the file than the one that was planned. */
  readonly sentOtherwise: readonly Step[];
}

/** Run a plan, write each finished step into the journal, count, and log what did not go well. */
export async function carryOut(plan: Plan, surroundings: CarryOutSurroundings): Promise<CarriedOut> {
  const { tally, logger, journal } = surroundings;
  /** By id; a set of a million steps would take as much memory as they do. */
  const isSent = new Uint8Array(plan.steps.length);
  const sentOtherwise: Step[] = [];
  tellBlocked(plan, surroundings);
  const { skipped, putOff, notBegun } = await runPlan(plan, {
    ...surroundings,
    hadFaults: surroundings.hadFaults || plan.blocked.length > 0,
    onBegin: (step) => journal.begin(step),
    onEnded: (step, ending) => {
      take(step, ending, surroundings);
      if (ending.as === 'left' || ending.as === 'done') surroundings.onSettled(step);
      if (ending.as !== 'done' || !ending.uploaded) return;
      isSent[step.id] = 1;
      if (isOther(ending.uploaded, step)) sentOtherwise.push(step);
    },
  });
  tally.failed += skipped.length;
  tally.putOff = putOff.length;
  tally.notBegun = notBegun;
  if (skipped.length > 0) logger.error(`Not begun : ${skipped.length} more, since what they need failed`);
  if (putOff.length > 0) logger.warn(describePutOff(putOff.length));
  return { unsent: plan.steps.filter((step) => step.kind === 'upload' && !isSent[step.id]), sentOtherwise };
}

/**
 * Log and count what {@link carryOut} would do, and do nothing.
 *
 * @param left folders that it would leave, since others have entries in them
 */
export function describePlan(
  plan: Plan,
  left: ReadonlySet<string>,
  surroundings: Pick<CarryOutSurroundings, 'tally' | 'logger' | 'hadFaults'>,
): void {
  const { tally, logger, hadFaults } = surroundings;
  tellBlocked(plan, surroundings);
  const waits = (step: Step) => step.vanished && (hadFaults || plan.blocked.length > 0);
  for (const step of plan.steps) {
    if (waits(step)) continue;
    if (step.kind === 'rmdir' && !step.replaced && left.has(step.path)) {
      logger.warn(describeLeft(step));
      continue;
    }
    logger.info(`Dry run : ${describeStep(step)}`);
    tally.count(step, step);
  }
  tally.putOff = plan.steps.filter(waits).length;
  if (tally.putOff > 0) logger.warn(describePutOff(tally.putOff));
}

function take(step: Step, ending: Ending, { journal, logger, tally }: CarryOutSurroundings): void {
  switch (ending.as) {
    case 'done':
      remember(journal, step, ending.uploaded);
      tally.count(step, ending.uploaded);
      break;
    case 'withdrawn':
      journal.withdraw(step.path);
      break;
    case 'left':
      if (step.kind === 'rmdir') journal.folderIsGone(step.path);
      else journal.fileIsGone(step.path);
      logger.warn(describeLeft(step));
      break;
    case 'changed':
      tally.changedMeanwhile += 1;
      logger.warn(`${describeStep(step)} put off : ${messageOf(ending.error)}`);
      break;
    case 'failed':
      tally.failed += 1;
      logger.error(`${describeStep(step)} failed : ${messageOf(ending.error)}`);
  }
}

function isOther(uploaded: Uploaded, step: Step): boolean {
  return uploaded.size !== step.size || uploaded.mtimeMs !== step.mtimeMs;
}

function remember(journal: PairJournal, step: Step, uploaded: Uploaded | undefined): void {
  switch (step.kind) {
    case 'mkdir':
      journal.folderIsThere(step.path);
      break;
    case 'rmdir':
      journal.folderIsGone(step.path);
      break;
    case 'remove':
      journal.fileIsGone(step.path);
      break;
    case 'upload':
      journal.fileIsThere(step.path, uploaded ?? step);
  }
}

/** Log and count what a plan has no room for. */
function tellBlocked({ blocked }: Plan, { tally, logger }: Pick<CarryOutSurroundings, 'tally' | 'logger'>): void {
  tally.failed += blocked.length;
  for (const path of blocked) {
    logger.error(
      `No room : ${path}, the site has an entry of that name that stays, since something in it is left out or cannot be seen`,
    );
  }
}

function describePutOff(removals: number): string {
  return `Removals put off : ${removals}, to a cycle without errors`;
}
