import type { Clock } from '../base/clock.ts';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { difference } from '../files/difference.ts';
import type { Transport } from '../transfer/transport.ts';
import { carryOut, describePlan } from './carry-out.ts';
import { correctKnown } from './correct-known.ts';
import { type CycleSummary, Tally } from './cycle-summary.ts';
import { firstContact } from './first-contact.ts';
import { GuardError, guardAgainstManyRemovals } from './guards.ts';
import { NearSide, type NearSideOptions, type NearView } from './near-side.ts';
import type { PairJournal } from './pair-journal.ts';
import { type Plan, plan } from './plan.ts';
import { settleDoubts } from './settle-doubts.ts';

/** What a {@link DirectoryManager} works with. */
export interface DirectoryManagerOptions extends NearSideOptions {
  readonly transport: Transport;
  readonly journal: PairJournal;
  readonly clock: Clock;
  /** Tell what would be done and do nothing. */
  readonly dryRun: boolean;
  /** Told of each plan that is about to be carried out. */
  readonly onPlan?: (plan: Plan) => void;
}

/** Keeps a far folder equal to a near one, cycle after cycle. It knows no FTP: the far side is a {@link Transport}. */
export class DirectoryManager {
  readonly #options: DirectoryManagerOptions;
  readonly #nearSide: NearSide;
  #cycles = 0;

  constructor(options: DirectoryManagerOptions) {
    this.#options = options;
    this.#nearSide = new NearSide(options);
  }

  /**
   * Make the far side equal once: scan, settle what is in doubt, compare, plan, run, remember.
   *
   * A step that fails is reported and counted; it does not end the cycle. Where nothing has changed, nothing is sent.
   *
   * @param signal no step is begun after it is aborted; what was begun is finished and remembered
   * @throws GuardError before anything is changed; TransferError when the far side cannot be reached; FilesError when
   *   the near folder cannot be read; JournalError; the reason of the signal when it is aborted before the plan is made
   */
  async cycle(signal: AbortSignal): Promise<CycleSummary> {
    const { clock, journal, transport, dryRun } = this.#options;
    this.#cycles += 1;
    const tally = new Tally(this.#cycles, clock.now());
    const near = await this.#nearSide.look(journal.far, signal);
    tally.leftOut = near.leftOut;
    tally.unreadable = near.unreadable;
    if (!journal.farIsKnown) {
      await this.#connect();
      await firstContact(near.root, { transport, journal, signal, dryRun });
    }
    if (journal.doubts().length > 0) {
      await this.#connect();
      tally.failed += await settleDoubts(this.#options);
    }
    const todo = this.#plan(near);
    const hadFaults = near.unreadable > 0;
    if (dryRun) {
      describePlan(todo, { ...this.#options, tally, hadFaults });
    } else if (todo.steps.length + todo.blocked.length > 0) {
      const current = (await this.#connect()) ? this.#plan(near) : todo;
      this.#options.onPlan?.(current);
      await carryOut(current, { ...this.#options, tally, signal, hadFaults });
    }
    await journal.cycleEnded();
    return tally.summary(clock.now());
  }

  /**
   * Run cycles until stopped; each begins when the one before has been over for a while, so that they never overlap.
   *
   * @param waitMs between the end of a cycle and the start of the next, in milliseconds
   * @param onCycle is told of each cycle that came to its end
   * @throws what {@link cycle} throws in the first cycle, and a GuardError in any; later a far side that is away, or a
   *   near one that cannot be read, is logged, and the next cycle tries again; what has no code passes through
   */
  async keepEqual(waitMs: number, signal: AbortSignal, onCycle: (summary: CycleSummary) => void): Promise<void> {
    onCycle(await this.cycle(signal));
    while (!signal.aborted) {
      await this.#options.clock.wait(waitMs, signal);
      if (signal.aborted) return;
      try {
        onCycle(await this.cycle(signal));
      } catch (error) {
        if (signal.aborted) return;
        // What has no code is a mistake in the program, and would be the same in the next cycle.
        if (error instanceof GuardError || codeOf(error) === undefined) throw error;
        this.#options.logger.error(`Cycle ${this.#cycles} given up : ${messageOf(error)}`);
      }
    }
  }

  #plan(near: NearView): Plan {
    const { journal, guards } = this.#options;
    const todo = plan(difference(journal.far, near.root), near);
    guardAgainstManyRemovals(todo, journal.far, guards);
    return todo;
  }

  /** @returns whether what was known of the far side is not true any more: its root was gone, and all in it */
  async #connect(): Promise<boolean> {
    const { transport, journal, logger } = this.#options;
    if (!(await transport.connect()) || journal.far.isEmpty) return false;
    logger.warn('The folder on the site was gone : all that is mirrored is sent again');
    correctKnown('', [], journal);
    return true;
  }
}
