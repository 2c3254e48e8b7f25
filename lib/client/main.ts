import { codeOf, messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { packageVersion } from '../base/package-version.ts';
import { readProblem } from '../base/read-problem.ts';
import { standardOutput } from '../base/standard-output.ts';
import { Client } from './client.ts';
import { ClientError, exitStatusOf } from './client-error.ts';
import { clientHelp } from './client-help.ts';
import { Interrupts } from './interrupts.ts';
import { readParameters } from './parameters.ts';
import { systemSurroundings } from './surroundings.ts';

/**
 * The client as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export async function main(words: readonly string[]): Promise<number> {
  const interrupts = new Interrupts();
  const output = standardOutput();
  output.on('error', (error) => {
    // Whoever goes away, as head does, has seen enough; anything else leaves the reader with less than there is.
    const isUnread = codeOf(error) === 'EPIPE';
    if (!isUnread && !interrupts.hasLostOutput)
      process.stderr.write(`miniftp: Cannot write the output: ${readProblem(error)}\n`);
    interrupts.outputLost(isUnread ? exitStatus.unread : exitStatus.someFailed);
  });
  process.stderr.on('error', () => undefined);
  try {
    const surroundings = systemSurroundings();
    const result = await readParameters(words, surroundings);
    switch (result.kind) {
      case 'help':
        output.write(`${clientHelp(surroundings.columns)}\n`);
        return exitStatus.done;
      case 'version':
        output.write(`${packageVersion()}\n`);
        return exitStatus.done;
      case 'faults':
        for (const { message } of result.faults) process.stderr.write(`miniftp: ${message}\n`);
        return exitStatus.usage;
      case 'parameters':
        return await new Client(result.parameters, { surroundings, interrupts, output }).run();
    }
  } catch (error) {
    process.stderr.write(`miniftp: ${messageOf(error)}\n`);
    return error instanceof ClientError ? exitStatusOf(error) : exitStatus.fault;
  } finally {
    interrupts.release();
  }
}
