import { runProgram } from '../base/program.ts';
import { exitStatusOf } from './exit-status-of.ts';
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

/** What the other commands need is not loaded: loading is nearly all that a start costs, and most that a question does. */
async function obey(parameters: ShareParameters): Promise<number> {
  switch (parameters.command) {
    case 'run': {
      const { runShare } = await import('./run-share.ts');
      return runShare(parameters);
    }
    case 'status':
    case 'conflicts':
    case 'trash':
    case 'trust': {
      const { runCommand } = await import('./run-command.ts');
      return runCommand(parameters.command, parameters);
    }
  }
}
