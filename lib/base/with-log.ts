import type { Logger } from './logger.ts';
import { Terminal } from './terminal.ts';

/**
 * Do something with a log whose lines stand on this process's terminal, and close the log when it is done.
 *
 * @param open the log, for which lines are written by what it is given
 * @throws what `open` and `work` throw
 */
export async function withLog<Result>(
  open: (writeLine: (line: string) => void) => Logger,
  work: (logger: Logger, terminal: Terminal) => Promise<Result>,
): Promise<Result> {
  const terminal = new Terminal({ out: process.stdout, err: process.stderr });
  // A second signal ends the process in the midst of things.
  const flush = () => terminal.flush();
  process.on('exit', flush);
  const logger = open((line) => terminal.writeLine(line));
  try {
    return await work(logger, terminal);
  } finally {
    await logger.close();
    flush();
    process.off('exit', flush);
  }
}
