import { codeOf } from '../base/coded-error.ts';
import { TransferError, type TransferErrorCode } from '../transfer/transfer-error.ts';
import type { Transport, Uploaded } from '../transfer/transport.ts';
import type { Plan, Step } from './plan.ts';
import { ReadyQueue } from './ready-queue.ts';

/** The side that a plan changes. */
export type Mover = Pick<Transport, 'mkdir' | 'rmdir' | 'upload' | 'remove' | 'disconnect'>;

/** What {@link runPlan} works with. */
export interface RunSurroundings {
  readonly transport: Mover;
  /** Absolute path of the near folder. */
  readonly localRoot: string;
  /** Told right before the far side is asked for a step. What it throws ends the run, and nothing is asked. */
  readonly onBegin: (step: Step) => void;
  /** Told as soon as a step has ended, before anything that depends on it is begun. What it throws ends the run. */
  readonly onEnded: (step: Step, ending: Ending) => void;
  /** No step is begun after it is aborted. */
  readonly signal: AbortSignal;
  /** With which size and time the file at a path was sent; `undefined` when it is to be removed whatever it is by now. */
  readonly knownAt: (path: string) => Uploaded | undefined;
  /** Were there errors before the run? Then nothing that vanished is removed. */
  readonly hadFaults: boolean;
}

/**
 * How a step ended. `changed`: the near file changed while it was sent, which is no error but for the next cycle. `left`:
 * what is gone from the near side stays on the far side, a folder because others have something in it, a file because
 * others changed it; where its very name is needed, that is a failure. `withdrawn`: the transport was closed before it came to the step, because the run is
 * to stop or cannot go on.
 */
export type Ending =
  | { readonly as: 'done'; readonly uploaded: Uploaded | undefined }
  | { readonly as: 'withdrawn' }
  | { readonly as: 'left' | 'changed' | 'failed'; readonly error: unknown };

/** Steps that were never begun, by the reason. */
export interface RunResult {
  /** A step they need failed. */
  readonly skipped: readonly Step[];
  /** Removals of vanished entries, put off because something else went wrong. */
  readonly putOff: readonly Step[];
  /** How many others: the run was aborted before their turn. */
  readonly notBegun: number;
}

// Enough that every worker finds a full batch waiting; few enough that a million steps are not a million promises.
const MOST_UNDER_WAY = 1000;
const WITHDRAWN = { as: 'withdrawn' } as const;

/** Why what is to be removed may stay without harm: it is not the mirror's alone. */
const LEFT: Readonly<Partial<Record<Step['kind'], TransferErrorCode>>> = {
  rmdir: 'E_NOT_EMPTY',
  remove: 'E_OTHER_CONTENT',
};

// Counted down from here, no number of needs that are met reaches 0.
const NEVER = -1;

/**
 * Do the steps of a plan, each as soon as what it needs is done. One that fails takes along only those that need it.
 *
 * What vanished from the near side is removed last, and only when everything else went well: half of a change that is
 * not understood is better undone than done.
 *
 * @throws TransferError when the far side can do nothing at all any more; what could not be told of a step: what is under
 *   way is waited for, what waits for its turn is not done any more
 */
export async function runPlan({ steps }: Plan, surroundings: RunSurroundings): Promise<RunResult> {
  const run = new Run(steps, surroundings);
  await run.through(steps.filter(({ vanished }) => !vanished));
  const vanished = steps.filter((step) => step.vanished);
  const putOff = surroundings.hadFaults || run.hadFailures ? vanished : [];
  if (putOff.length === 0) await run.through(vanished);
  const { skipped, begun } = run;
  return { skipped, putOff, notBegun: steps.length - begun - skipped.length - putOff.length };
}

class Run {
  readonly skipped: Step[] = [];
  hadFailures = false;
  begun = 0;
  readonly #steps: readonly Step[];
  readonly #surroundings: RunSurroundings;
  readonly #ready = new ReadyQueue();
  /** How many needs of each step are still open, by id. */
  readonly #open: Int32Array;
  /** The steps that need a step, by its id; most are needed by none. */
  readonly #neededBy = new Map<number, number[]>();
  #underWay = 0;
  /** What could not be told. */
  #broken: { readonly error: unknown } | undefined;
  #ended: () => void = () => undefined;

  constructor(steps: readonly Step[], surroundings: RunSurroundings) {
    this.#steps = steps;
    this.#surroundings = surroundings;
    this.#open = Int32Array.from(steps, ({ needs }) => needs.length);
    for (const { id, needs } of steps) for (const need of needs) this.#isNeeded(need, id);
  }

  /** Fulfilled when each of the steps is done, failed, skipped, or will not be begun any more. */
  through(steps: readonly Step[]): Promise<void> {
    for (const { id } of steps) if (this.#open[id] === 0) this.#ready.push(id);
    return new Promise((resolve, reject) => {
      this.#ended = () => (this.#broken ? reject(this.#broken.error) : resolve());
      this.#beginMore();
    });
  }

  #isNeeded(id: number, by: number): void {
    const list = this.#neededBy.get(id);
    if (list) list.push(by);
    else this.#neededBy.set(id, [by]);
  }

  #beginMore(): void {
    while (this.#underWay < MOST_UNDER_WAY && !this.#surroundings.signal.aborted && !this.#broken) {
      const step = this.#steps[this.#ready.pop() ?? -1];
      if (!step) break;
      this.#underWay += 1;
      this.begun += 1;
      this.#do(step);
    }
    if (this.#underWay === 0) this.#ended();
  }

  // Callbacks, since each `async` function on the way would take as much memory as the step itself.
  #do(step: Step): void {
    if (this.#isTold(() => this.#surroundings.onBegin(step))) {
      this.#perform(step).then(
        (uploaded) => this.#take(step, { as: 'done', uploaded }),
        (error: unknown) => this.#take(step, this.#failureOf(step, error)),
      );
    } else {
      this.#goOn(step, WITHDRAWN);
    }
  }

  #take(step: Step, ending: Ending): void {
    // Not this step failed, but all that is left; it stays in doubt, since it may have been begun.
    if (ending.as === 'failed' && isFatal(ending.error)) this.#broken ??= ending;
    else this.#isTold(() => this.#surroundings.onEnded(step, ending));
    this.#goOn(step, ending);
  }

  /** A step is over: begin others, if they may be begun. */
  #goOn(step: Step, ending: Ending): void {
    if (ending.as === 'withdrawn') {
      this.begun -= 1;
    } else if (ending.as === 'failed') {
      this.hadFailures = true;
      this.#skipWhatNeeds(step);
    } else {
      for (const id of this.#neededBy.get(step.id) ?? []) this.#needIsMet(id);
    }
    this.#underWay -= 1;
    this.#beginMore();
  }

  #failureOf(step: Step, error: unknown): Ending {
    const code = codeOf(error);
    if (code === 'E_CLOSED' && (this.#broken || this.#surroundings.signal.aborted)) return WITHDRAWN;
    if (code === 'E_CHANGED' && step.kind === 'upload') return { as: 'changed', error };
    return { as: LEFT[step.kind] === code && !step.replaced ? 'left' : 'failed', error };
  }

  /** What is not told would be forgotten: then no more is begun, and the transport is closed under what waits. */
  #isTold(tell: () => void): boolean {
    try {
      tell();
      return true;
    } catch (error) {
      if (!this.#broken) void this.#surroundings.transport.disconnect();
      this.#broken ??= { error };
      return false;
    }
  }

  #perform({ kind, path, size, mtimeMs }: Step): Promise<Uploaded | undefined> {
    const { transport, localRoot, knownAt } = this.#surroundings;
    if (kind === 'upload') return transport.upload({ path, source: `${localRoot}/${path}`, size, mtimeMs });
    const done = kind === 'remove' ? transport.remove(path, knownAt(path)) : transport[kind](path);
    return done.then(() => undefined);
  }

  #needIsMet(id: number): void {
    const open = (this.#open[id] ?? 0) - 1;
    this.#open[id] = open;
    if (open === 0) this.#ready.push(id);
  }

  #skipWhatNeeds({ id }: Step): void {
    const failed = [id];
    for (let at = failed.pop(); at !== undefined; at = failed.pop()) {
      for (const next of this.#neededBy.get(at) ?? []) {
        const step = this.#steps[next];
        if (!step || (this.#open[next] ?? NEVER) <= NEVER) continue;
        this.#open[next] = NEVER;
        this.skipped.push(step);
        failed.push(next);
      }
    }
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof TransferError && error.fatal;
}
