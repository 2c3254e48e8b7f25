import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import type { Logger } from '../base/logger.ts';
import { type CycleSummary, describeSummary, isComplete } from '../sync/cycle-summary.ts';
import { DirectoryManager } from '../sync/directory-manager.ts';
import type { Pair } from '../sync/pair.ts';
import { PairJournal } from '../sync/pair-journal.ts';
import type { Plan } from '../sync/plan.ts';
import type { Transport } from '../transfer/transport.ts';
import { logJobs } from './job-log.ts';
import { makeMirrorFilter } from './make-mirror-filter.ts';
import type { MirrorParameters } from './parameters.ts';
import { logServer } from './server-log.ts';

/** What {@link runMirror} works with. */
export interface RunMirror {
  readonly parameters: MirrorParameters;
  readonly pair: Pair;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborted when the user wants the mirror to stop. */
  readonly signal: AbortSignal;
  /** Told with what to have the site listed again. */
  readonly onRelist?: (relist: () => void) => void;
  /** Told when a cycle begins to carry out a plan. */
  readonly onPlan: (plan: Plan) => void;
}

/**
 * Mirror once, or until stopped.
 *
 * @returns the exit status of a run that came to its end: done, or some entries failed
 * @throws what stops the run before: see DirectoryManager; JournalError in place of a stop, when not all is kept that was done
 */
export async function runMirror(run: RunMirror): Promise<number> {
  const { parameters, pair, transport, logger, signal } = run;
  const { localDirectory: near, site, stateDirectory, dryRun, once } = parameters;
  logJobs(transport.events, logger, { far: site.directory, near });
  logServer(transport.events, logger);
  const journal = PairJournal.open(stateDirectory, pair, { readOnly: dryRun });
  if (journal.doubt !== undefined) {
    logger.warn(`The journal of earlier runs cannot be used, ${journal.doubt} : the site is listed instead`);
  }
  if (journal.isCutOff) {
    logger.warn('The journal was not closed in order : the site is listed before anything is changed there');
  }
  let last: CycleSummary | undefined;
  let isKept = true;
  const tell = (summary: CycleSummary) => {
    last = summary;
    logger.info(`${dryRun ? 'Dry run, nothing was changed : ' : ''}${describeSummary(summary)}`, { ...summary });
  };
  // What waits for its turn is not to be done any more; disconnecting lets what has begun come to its end.
  const stop = () => void transport.disconnect(parameters.stopTimeoutSeconds * 1000);
  signal.addEventListener('abort', stop);
  try {
    const manager = directoryManager(run, journal);
    // One cycle that was asked for is all there is: no other could list the site again.
    if (!once && !dryRun) run.onRelist?.(() => manager.relist());
    if (once || dryRun) tell(await manager.cycle(signal));
    else await manager.keepEqual(parameters.frequencySeconds * 1000, signal, tell);
  } finally {
    signal.removeEventListener('abort', stop);
    await transport.disconnect();
    isKept = closed(journal, run);
  }
  return last && isComplete(last) && isKept ? exitStatus.done : exitStatus.someFailed;
}

/**
 * @returns whether all that was recorded is on the disk. Why not is logged: thrown, it would hide what ended the run
 * @throws JournalError after a stop, which is no failure: this is one
 */
function closed(journal: PairJournal, { logger, signal }: RunMirror): boolean {
  try {
    journal.close();
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    logger.error(messageOf(error));
    return false;
  }
}

function directoryManager(
  { parameters, transport, logger, clock, onPlan }: RunMirror,
  journal: PairJournal,
): DirectoryManager {
  const {
    localDirectory,
    maxDepth,
    links,
    filter,
    maxDelete,
    allowEmpty,
    allowReplaced,
    dryRun,
    relistEveryMs,
    deleteExtra,
  } = parameters;
  return new DirectoryManager({
    localRoot: localDirectory,
    maxDepth,
    links,
    filter: () => makeMirrorFilter(localDirectory, filter),
    guards: { maxDelete, allowEmpty, allowReplaced },
    transport,
    journal,
    logger,
    clock,
    dryRun,
    relistEveryMs,
    deleteExtra,
    onPlan,
  });
}
