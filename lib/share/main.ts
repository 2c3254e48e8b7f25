import { messageOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { oneLine } from '../base/logger.ts';
import { packageVersion } from '../base/package-version.ts';
import { exitStatusOf } from './exit-status-of.ts';
import { runCommand } from './run-command.ts';
import { runShare } from './run-share.ts';
import { readShareParameters, type ShareParameters } from './share-parameters.ts';

/**
 * Share as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export async function main(words: readonly string[]): Promise<number> {
  // Whoever read the output may go away; the folder is still to be kept equal.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    return await start(words);
  } catch (error) {
    // Node's own way to end would be a stack and status 1.
    complain(oneLine(messageOf(error)));
    return exitStatusOf(error);
  }
}

async function start(words: readonly string[]): Promise<number> {
  const surroundings = { environment: process.env, cwd: process.cwd(), columns: process.stdout.columns ?? 80 };
  const result = readShareParameters(words, surroundings);
  switch (result.kind) {
    case 'help':
      process.stdout.write(`${result.text}\n`);
      return exitStatus.done;
    case 'version':
      process.stdout.write(`${packageVersion()}\n`);
      return exitStatus.done;
    case 'faults':
      for (const { message } of result.faults) complain(message);
      return exitStatus.usage;
    case 'parameters':
      return obey(result.parameters);
  }
}

async function obey(parameters: ShareParameters): Promise<number> {
  switch (parameters.command) {
    case 'run':
      return runShare(parameters);
    case 'status':
    case 'conflicts':
    case 'trash':
    case 'trust':
      return runCommand(parameters.command, parameters);
  }
}

function complain(message: string): void {
  process.stderr.write(`left: ${message}\n`);
}
