import { readFileSync } from 'node:fs';
import { messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
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
  // Whoever read the output may go away, as head does.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const interrupts = new Interrupts();
  try {
    const surroundings = systemSurroundings();
    const result = await readParameters(words, surroundings);
    switch (result.kind) {
      case 'help':
        process.stdout.write(`${clientHelp(surroundings.columns)}\n`);
        return exitStatus.done;
      case 'version':
        process.stdout.write(`${version()}\n`);
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

function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
