import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CommandLine, type SettledOptions, settleOptions } from '../base/command-line.ts';
import { type ConfigOptions, readConfig } from '../base/config-options.ts';
import { readEnvironment } from '../base/environment-options.ts';
import { fault } from '../base/fault.ts';
import { readProblem } from '../base/read-problem.ts';
import { showOptions } from '../base/show-options.ts';
import { ENVIRONMENT_PREFIX, mirrorOptions } from './mirror-options.ts';
import { patternFaults } from './pattern-faults.ts';
import type { Surroundings } from './surroundings.ts';

/** The settled options of the mirror. */
export type SettledMirrorOptions = SettledOptions<typeof mirrorOptions> & {
  /** What was given and where, fit for a log. */
  readonly given: readonly string[];
};

/** Bring together what command line, environment and config file say. */
export async function readMirrorOptions(
  line: CommandLine,
  { environment, cwd }: Pick<Surroundings, 'environment' | 'cwd'>,
): Promise<SettledMirrorOptions> {
  const variables = readEnvironment(mirrorOptions, environment, ENVIRONMENT_PREFIX);
  const config = await readConfigFile(line.given.get('config')?.texts ?? [], cwd);
  const settled = settleOptions(mirrorOptions, {
    arguments: line.given,
    environment: variables.given,
    config: config.given,
  });
  const sources = [line.given, variables.given, config.given];
  return {
    ...settled,
    faults: [...line.faults, ...variables.faults, ...config.faults, ...settled.faults, ...patternFaults(sources)],
    given: sources.flatMap((given) => showOptions(mirrorOptions, given)),
  };
}

// More than one file, or an empty name, is a fault that settleOptions tells.
async function readConfigFile(files: readonly string[], cwd: string): Promise<ConfigOptions> {
  const [file] = files;
  if (!file || files.length > 1) return { given: new Map(), faults: [] };
  try {
    return readConfig(mirrorOptions, await readFile(resolve(cwd, file), 'utf8'), file);
  } catch (error) {
    return { given: new Map(), faults: [fault('--config', `cannot be read: ${readProblem(error)}`, file)] };
  }
}
