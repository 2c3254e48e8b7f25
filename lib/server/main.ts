import { exitStatus } from '../base/exit-status.ts';
import { oneLine } from '../base/one-line.ts';
import { runProgram } from '../base/program.ts';
import { readProblem } from '../base/read-problem.ts';
import { writeOutput } from '../base/write-output.ts';
import { checkServer } from './check-server.ts';
import { exitStatusOf } from './exit-status-of.ts';
import { initialise } from './init.ts';
import { runServer } from './run-server.ts';
import { readServerParameters, type ServerParameters } from './server-parameters.ts';
import { type ServerSurroundings, systemSurroundings } from './server-surroundings.ts';

/**
 * The server as a program.
 *
 * @param words the arguments without node and script
 * @returns the exit status; see docs/reference/exit-statuses.md
 */
export function main(words: readonly string[]): Promise<number> {
  const surroundings = systemSurroundings();
  return runProgram({
    name: 'miniftpd',
    read: () => readServerParameters(words, surroundings),
    obey: (parameters) => obey(parameters, words, surroundings),
    exitStatusOf,
  });
}

async function obey(
  parameters: ServerParameters,
  words: readonly string[],
  surroundings: ServerSurroundings,
): Promise<number> {
  switch (parameters.command) {
    case 'init':
      return init(parameters, surroundings);
    case 'check': {
      const problem = await checkServer(parameters);
      if (problem !== undefined) surroundings.writeLine(oneLine(`Read only : ${problem}`));
      surroundings.writeLine('All is well : a server could be started');
      return exitStatus.done;
    }
    case 'start':
      return runServer({ parameters, surroundings, readAgain: () => readServerParameters(words, surroundings) });
  }
}

async function init(parameters: ServerParameters, surroundings: ServerSurroundings): Promise<number> {
  const { administrator, password } = await initialise(parameters, surroundings);
  const { root } = parameters.folder;
  const lines = [
    oneLine(`Data folder   : ${root}`),
    `Administrator : ${administrator}`,
    ...(password === undefined ? [] : [`Password      : ${password} (it is shown only this once)`]),
    ...(parameters.values.demo
      ? ['A demo        : everybody knows its passwords, it listens on this machine only']
      : []),
  ];
  const problem = await writeOutput(lines.map((line) => `${line}\n`).join(''));
  if (problem === undefined) return exitStatus.done;
  const lost = password === undefined ? '' : `. Nobody knows the password: remove ${root}, and call init again`;
  surroundings.complain(oneLine(`Cannot write the output: ${readProblem(problem)}${lost}`));
  return exitStatus.someFailed;
}
