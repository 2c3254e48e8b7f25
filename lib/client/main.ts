import { codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { type Program, runProgram } from '../base/program.ts';
import { readProblem } from '../base/read-problem.ts';
import { standardOutput } from '../base/standard-output.ts';
import { Client } from './client.ts';
import { exitStatusOf } from './client-error.ts';
import { Interrupts } from './interrupts.ts';
import { type ClientParameters, readParameters } from './parameters.ts';
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
  try {
    const program: Program<ClientParameters> = {
      name: 'miniftp',
      read: () => readParameters(words, systemSurroundings()),
      obey: (parameters) => new Client(parameters, { surroundings: systemSurroundings(), interrupts, output }).run(),
      exitStatusOf,
    };
    return await runProgram(program, { stdout: output, stderr: process.stderr });
  } finally {
    interrupts.release();
  }
}
