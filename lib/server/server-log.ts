import type { DataFolder } from '../accounts/data-folder.ts';
import type { Clock } from '../base/clock.ts';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { type Logger, openLogger } from '../base/logger.ts';
import { makeFolder } from '../base/make-folder.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { DayFiles } from './day-files.ts';
import { OperationError } from './operation-error.ts';
import type { ServerValues } from './server-options.ts';

/** What the log of a server is written with. */
export interface ServerLogStreams {
  /** Takes each line when `--verbose` is given. */
  readonly writeLine: (line: string) => void;
  /** Takes what cannot be logged: that the log cannot be written. */
  readonly complain: (message: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** The log of a server. */
export interface ServerLog {
  readonly logger: Logger;
  /** Write what is not written yet, at once. */
  readonly flush: () => void;
  /** Closing twice is harmless. */
  readonly close: () => Promise<void>;
}

/**
 * Open the log: a file a day in the data folder, and with `--verbose` the same lines on the terminal.
 *
 * @throws OperationError E_LOG_FILE
 */
export function openServerLog({ log }: DataFolder, values: ServerValues, streams: ServerLogStreams): ServerLog {
  const { clock, complain, writeLine } = streams;
  const isUtc = values['log-utc'];
  try {
    makeFolder(log);
  } catch (cause) {
    const message = `The folder of the log, ${log}, cannot be made: the system says ${codeOf(cause) ?? messageOf(cause)}`;
    throw new OperationError('E_LOG_FILE', message, { cause, retry: hasNoRoom(cause) });
  }
  const files = new DayFiles({ folder: log, keepDays: values['log-keep'], isUtc, clock, onProblem: complain });
  const logger = openLogger({
    level: values['log-level'],
    format: values['log-format'],
    keepDays: values['log-keep'],
    isUtc,
    clock,
    writeLine: (line) => {
      files.write(line);
      if (values.verbose) writeLine(line);
    },
  });
  return {
    logger,
    flush: () => files.flush(),
    close: async () => {
      await logger.close();
      files.close();
    },
  };
}
