import { messageOf } from './coded-error.ts';
import { exitStatus } from './exit-status.ts';
import type { Fault } from './fault.ts';
import type { GeneralResult } from './general-options.ts';
import { oneLine } from './one-line.ts';
import { packageVersion } from './package-version.ts';

/** What came out of reading what a program is told. */
export type ParameterResult<Parameters> =
  | GeneralResult
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'parameters'; readonly parameters: Parameters };

/** What tells one program from another. */
export interface Program<Parameters> {
  /** Stands before what is wrong: `mirror: ...`. */
  readonly name: string;
  /** Read and check what it is told. */
  readonly read: () => ParameterResult<Parameters> | Promise<ParameterResult<Parameters>>;
  /** Do it. @returns the exit status */
  readonly obey: (parameters: Parameters) => Promise<number>;
  /** The status that says why it could not be done. */
  readonly exitStatusOf: (error: unknown) => number;
}

/** Where a program answers and complains. */
export interface ProgramStreams {
  readonly stdout: Pick<NodeJS.WritableStream, 'write' | 'on'>;
  readonly stderr: Pick<NodeJS.WritableStream, 'write' | 'on'>;
}

/**
 * Run a program. It is never refused: what is wrong is told in one line on standard error.
 *
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export async function runProgram<Parameters>(
  { name, read, obey, exitStatusOf }: Program<Parameters>,
  { stdout, stderr }: ProgramStreams = process,
): Promise<number> {
  // Whoever read the output may go away; what was asked for is still to be done.
  stdout.on('error', () => undefined);
  stderr.on('error', () => undefined);
  const complain = (message: string) => stderr.write(`${name}: ${message}\n`);
  try {
    const result = await read();
    switch (result.kind) {
      case 'help':
        stdout.write(`${result.text}\n`);
        return exitStatus.done;
      case 'version':
        stdout.write(`${packageVersion()}\n`);
        return exitStatus.done;
      case 'faults':
        for (const { message } of result.faults) complain(message);
        return exitStatus.usage;
      case 'parameters':
        return await obey(result.parameters);
    }
  } catch (error) {
    // Node's own way to end would be a stack and status 1, which says that some entries could not be mirrored.
    complain(oneLine(messageOf(error)));
    return exitStatusOf(error);
  }
}
