import { messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { packageVersion } from '../base/package-version.ts';
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
  process.stdout.on('error', () => interrupts.unread());
  process.stderr.on('error', () => undefined);
  try {
    const surroundings = systemSurroundings();
    const result = await readParameters(words, surroundings);
    switch (result.kind) {
      case 'help':
        process.stdout.write(`${clientHelp(surroundings.columns)}\n`);
        return exitStatus.done;
      case 'version':
        process.stdout.write(`${packageVersion()}\n`);
        return exitStatus.done;
      case 'faults':
        for (const { message } of result.faults) process.stderr.write(`miniftp: ${message}\n`);
        return exitStatus.usage;
      case 'parameters':
        return await new Client(result.parameters, surroundings, interrupts).run();
    }
  } catch (error) {
    process.stderr.write(`miniftp: ${messageOf(error)}\n`);
    return error instanceof ClientError ? exitStatusOf(error) : exitStatus.fault;
  } finally {
    interrupts.release();
  }
}
