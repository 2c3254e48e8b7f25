import { runProgram } from '../base/program.ts';
import { exitStatusOf } from './exit-status-of.ts';
import { runCommand } from './run-command.ts';
import { runShare } from './run-share.ts';
import { readShareParameters, type ShareParameters, type ShareSurroundings } from './share-parameters.ts';

/**
 * Share as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export function main(words: readonly string[]): Promise<number> {
  const read = () => readShareParameters(words, systemSurroundings());
  return runProgram({ name: 'left', read, obey, exitStatusOf });
}

function systemSurroundings(): ShareSurroundings {
  return { environment: process.env, cwd: process.cwd(), columns: process.stdout.columns ?? 80 };
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
