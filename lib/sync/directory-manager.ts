import { codeOf, messageOf } from '../base/coded-error.ts';
import { JournalError } from '../base/journal.ts';
import { difference } from '../files/difference.ts';
import { parentOf } from '../files/directory.ts';
import { carryOut, describePlan } from './carry-out.ts';
import { type CycleSummary, isComplete, Tally } from './cycle-summary.ts';
import { FarSide, type FarSideOptions, type LookOptions } from './far-side.ts';
import { GuardError, guardAgainstManyRemovals } from './guards.ts';
import { NearSide, type NearSideOptions, type NearView } from './near-side.ts';
import { type Plan, plan, type Step } from './plan.ts';
import { Refusals } from './refusals.ts';

/** What a {@link DirectoryManager} works with. */
export interface DirectoryManagerOptions extends NearSideOptions, FarSideOptions {
  /** Told of each plan that is about to be carried out. */
  readonly onPlan?: (plan: Plan) => void;
}

/** Keeps a far folder equal to a near one, cycle after cycle. It knows no FTP: the far side is a {@link Transport}. */
export class DirectoryManager {
  readonly #options: DirectoryManagerOptions;
  readonly #nearSide: NearSide;
  readonly #refusals = new Refusals();
  readonly #farSide: FarSide;
  #cycles = 0;
  /** Does somebody want another cycle now, who was not there when the last one began? */
  #isWanted = false;
  /** Ends the wait for the next cycle. */
  #wake: () => void = () => undefined;

  constructor(options: DirectoryManagerOptions) {
    this.#options = options;
    this.#nearSide = new NearSide(options);
    this.#farSide = new FarSide(options, this.#refusals);
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
    const { clock, journal, dryRun } = this.#options;
    this.#cycles += 1;
    this.#isWanted = false;
    const tally = new Tally(this.#cycles, clock.now());
    // What is known of the far side is known to be missing: it has to be asked, whatever the near side looks like.
    if (!journal.farIsKnown) this.#options.transport.prepare?.();
    const near = await this.#nearSide.look(signal);
    tally.leftOut = near.leftOut;
    tally.unreadable = near.unreadable;
    await this.#farSide.look(near, { tally, signal });
    const todo = await this.#planToRemove(near, { tally, signal });
    if (dryRun) this.#describe(todo, tally);
    else await this.#carryOut(todo, near, { tally, signal });
    const summary = tally.summary(clock.now());
    this.#nearSide.remember(isComplete(summary));
    this.#farSide.remember();
    await journal.cycleEnded();
    return summary;
  }

  /** List the far side in the next cycle, and begin that one at once; one that is under way comes to its end first. */
  relist(): void {
    this.#farSide.ask();
    this.#isWanted = true;
    this.#wake();
  }

  /**
   * Run cycles until stopped; each begins when the one before has been over for a while, so that they never overlap.
   *
   * @param waitMs between the end of a cycle and the start of the next, in milliseconds; longer while the far side refuses us
   * @param onCycle is told of each cycle that came to its end
   * @throws what {@link cycle} throws in the first cycle, and a GuardError or JournalError in any; later a far side that is
   *   away, or a near one that cannot be read, is logged, and the next cycle tries again; what has no code passes through
   */
  async keepEqual(waitMs: number, signal: AbortSignal, onCycle: (summary: CycleSummary) => void): Promise<void> {
    onCycle(await this.cycle(signal));
    while (!signal.aborted) {
      await this.#wait(waitMs, signal);
      if (signal.aborted) return;
      try {
        onCycle(await this.cycle(signal));
      } catch (error) {
        // What was done and is not kept is no less lost when the user wanted to stop.
        if (error instanceof JournalError) throw error;
        if (signal.aborted) return;
        // What has no code is a mistake in the program, and would be the same in the next cycle.
        if (error instanceof GuardError || codeOf(error) === undefined) throw error;
        this.#options.logger.error(`Cycle ${this.#cycles} given up : ${messageOf(error)}`);
        this.#refusals.add(error);
      }
    }
  }

  /** Nothing is removed on what is only remembered. */
  async #planToRemove(near: NearView, options: LookOptions): Promise<Plan> {
    const todo = this.#plan(near, options.tally);
    const areRemovalsPutOff = hadFaults(options.tally) || todo.blocked.length > 0;
    const due = todo.steps.filter(({ vanished }) => !(vanished && areRemovalsPutOff));
    return (await this.#farSide.lookBefore(due, options)) ? this.#plan(near, options.tally) : todo;
  }

  /** What others have is removed in a cycle without errors only, like all that vanished. */
  #plan(near: NearView, tally: Tally): Plan {
    const { journal, guards } = this.#options;
    const far = hadFaults(tally) ? journal.far : this.#farSide.content;
    const todo = plan(difference(far, near.root), near, this.#farSide);
    const isStranger = (path: string) => this.#farSide.isStranger(path);
    guardAgainstManyRemovals(todo, far, { ...guards, isMeant: near.isMeant, isStranger });
    return todo;
  }

  #describe(todo: Plan, tally: Tally): void {
    describePlan(todo, this.#farSide.leftBy(todo.steps), { ...this.#options, tally, hadFaults: hadFaults(tally) });
  }

  async #carryOut(todo: Plan, near: NearView, { tally, signal }: LookOptions): Promise<void> {
    await this.#farSide.sweep(todo.steps, tally);
    if (todo.steps.length + todo.blocked.length === 0) return;
    const current = (await this.#farSide.connect()) ? this.#plan(near, tally) : todo;
    this.#options.onPlan?.(current);
    const onSettled = (step: Step) => this.#farSide.settled(step);
    const knownAt = (path: string) => this.#farSide.knownAt(path);
    const surroundings = { ...this.#options, tally, signal, onSettled, knownAt, hadFaults: hadFaults(tally) };
    const { sentOtherwise, unsent } = await carryOut(current, surroundings);
    // Another version may have been begun before the one that arrived.
    await this.#farSide.tidy(new Set(sentOtherwise.map(({ path }) => parentOf(path))), unsent, tally);
  }

  /** Until the next cycle is due, or somebody wants it now. */
  async #wait(usualMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isWanted || signal.aborted) return;
    const waitMs = this.#refusals.waitMs(usualMs);
    if (waitMs > usualMs) this.#tellOf(waitMs);
    const waiting = new AbortController();
    const wake = () => waiting.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake);
    await this.#options.clock.wait(waitMs, waiting.signal);
    signal.removeEventListener('abort', wake);
  }

  #tellOf(waitMs: number): void {
    const { logger, clock } = this.#options;
    logger.warn(
      `Next cycle in ${Math.round(waitMs / 1000)} s : a site that refuses us is asked less and less often; SIGHUP asks at once`,
      { event: 'refused', waitMs, nextAt: clock.now() + waitMs },
    );
  }
}

/** Was there an error before anything was begun? Then nothing that vanished is removed. */
function hadFaults({ unreadable, failed }: Tally): boolean {
  return unreadable + failed > 0;
}
