import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { listenForHangUp } from '../base/hang-up.ts';
import type { Logger } from '../base/logger.ts';
import { type ParameterResult, runProgram } from '../base/program.ts';
import { spareMemory } from '../base/spare-memory.ts';
import { listenForStop, type StopSignals } from '../base/stop-signals.ts';
import type { Terminal } from '../base/terminal.ts';
import { withLog } from '../base/with-log.ts';
import { hasJournal, type Pair } from '../sync/pair.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { exitStatusOf } from './exit-status-of.ts';
import { getParameters } from './get-parameters.ts';
import { openLog } from './open-log.ts';
import { openTransport } from './open-transport.ts';
import type { MirrorParameters } from './parameters.ts';
import { ProgressLine } from './progress-line.ts';
import { runMirror } from './run-mirror.ts';
import { systemSurroundings } from './surroundings.ts';

// Five times a second reads as moving; more often would be work for nobody.
const REDRAW_MS = 200;

/**
 * The mirror as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export function main(words: readonly string[]): Promise<number> {
  spareMemory();
  return runProgram({ name: 'mirror', read: () => read(words), obey, exitStatusOf });
}

function read(words: readonly string[]): Promise<ParameterResult<MirrorParameters>> {
  const known = systemSurroundings(async ({ site, localDirectory, stateDirectory }) =>
    hasJournal(stateDirectory, { site, localRoot: localDirectory }),
  );
  return getParameters(words, known);
}

function obey(parameters: MirrorParameters): Promise<number> {
  return withLog(
    (writeLine) => openLog(parameters.log, writeLine),
    (logger, terminal) => mirror(parameters, logger, terminal),
  );
}

async function mirror(parameters: MirrorParameters, logger: Logger, terminal: Terminal): Promise<number> {
  logger.info('Valid parameters');
  for (const warning of parameters.warnings) logger.warn(warning);
  const stop = listenForStop((name) => {
    logger.info(
      `Stopping on ${name} : what has begun is finished first, if it takes no longer than ${parameters.stopTimeoutSeconds} s`,
    );
  });
  const hangUp = listenForHangUp();
  const pair: Pair = { site: parameters.site, localRoot: parameters.localDirectory };
  const transport = await openTransport(parameters, pair);
  const progress = new ProgressLine(transport.events, () => systemClock.now());
  const redraw = parameters.progress ? setInterval(() => terminal.drawLive(progress.text()), REDRAW_MS) : undefined;
  try {
    const status = await runMirror({
      parameters,
      pair,
      transport,
      logger,
      clock: systemClock,
      signal: stop.signal,
      onPlan: (plan) => progress.begin(plan),
      onRelist: (relist) =>
        hangUp.tell(() => {
          logger.info('Listing on SIGHUP : the next cycle begins now, and lists the site');
          relist();
        }),
    });
    return stop.signal.aborted && status !== exitStatus.done ? stoppedStatus(parameters, stop) : status;
  } catch (error) {
    if (isStop(error, stop)) return stoppedStatus(parameters, stop);
    logger.error(messageOf(error));
    if (error instanceof Error) logger.debug(error.stack ?? '');
    return exitStatusOf(error);
  } finally {
    clearInterval(redraw);
    terminal.drawLive('');
    stop.release();
    hangUp.release();
  }
}

/** To be stopped is how a mirror that runs on ends; one cycle that was asked for is then not done. */
function stoppedStatus({ once, dryRun }: MirrorParameters, stop: StopSignals): number {
  return once || dryRun ? stop.status() : exitStatus.done;
}

/** Was it thrown because of the stop: by a scan that was ended, or by connections that were closed, or broken off, under it? */
function isStop(error: unknown, { signal }: StopSignals): boolean {
  return signal.aborted && (error === signal.reason || error instanceof TransferError);
}
