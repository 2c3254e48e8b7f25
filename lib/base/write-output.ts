import { standardOutput } from './standard-output.ts';

/** Write an answer to standard output. @returns what kept some of it from being written; `undefined` when all of it is */
export function writeOutput(text: string): Promise<unknown> {
  const output = standardOutput().on('error', () => undefined);
  return new Promise((resolve) => {
    output.write(text, (problem) => resolve(problem ?? undefined));
  });
}
