import { type Clock, systemClock } from '../base/clock.ts';
import type { Environment } from '../base/environment-options.ts';
import { Terminal } from '../base/terminal.ts';

/** All that the program of the server depends on besides its arguments and the disk. */
export interface ServerSurroundings {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly clock: Clock;
  /** A line for whoever started it. */
  readonly writeLine: (line: string) => void;
  /** A line about what is wrong. */
  readonly complain: (message: string) => void;
}

/** The surroundings of this process. */
export function systemSurroundings(): ServerSurroundings {
  const terminal = new Terminal({ out: process.stdout, err: process.stderr });
  process.on('exit', () => terminal.flush());
  return {
    environment: process.env,
    platform: process.platform,
    cwd: process.cwd(),
    columns: process.stdout.columns ?? 80,
    clock: systemClock,
    writeLine: (line) => terminal.writeLine(line),
    complain: (message) => process.stderr.write(`miniftpd: ${message}\n`),
  };
}
