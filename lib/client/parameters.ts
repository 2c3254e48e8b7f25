import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readCommandLine, settleOptions } from '../base/command-line.ts';
import { type ConfigOptions, readConfig } from '../base/config-options.ts';
import { readEnvironment } from '../base/environment-options.ts';
import { type Fault, fault } from '../base/fault.ts';
import { readGeneral } from '../base/general-options.ts';
import type { GivenOptions } from '../base/option-table.ts';
import type { ParameterResult } from '../base/program.ts';
import { readProblem } from '../base/read-problem.ts';
import { stateDirectory } from '../base/state-directory.ts';
import { clientHelp } from './client-help.ts';
import { clientOptions, ENVIRONMENT_PREFIX } from './client-options.ts';
import type { ClientOptions } from './settings.ts';
import type { Surroundings } from './surroundings.ts';

/** What the client is told when it starts, checked. */
export interface ClientParameters {
  readonly options: ClientOptions;
  /** The options that were given, as they were typed. */
  readonly texts: ReadonlyMap<string, string>;
  /** The site to begin with, as typed: an address or a bookmark. */
  readonly address: string | undefined;
  /** The commands to be done, one text each; `undefined` when they are typed or come from a pipe. */
  readonly scripts: readonly string[] | undefined;
  /** Where bookmarks and history are kept; absolute. */
  readonly stateFolder: string;
}

/**
 * Read and check the command line of the client.
 *
 * @param words the arguments without node and script
 */
export async function readParameters(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ParameterResult<ClientParameters>> {
  const line = readCommandLine(clientOptions, words);
  const general = readGeneral(line, () => clientHelp(surroundings.columns));
  if (general !== undefined) return general;
  const { environment, cwd } = surroundings;
  const variables = readEnvironment(clientOptions, environment, ENVIRONMENT_PREFIX);
  const config = await readConfigFile(line.given.get('config')?.texts ?? [], cwd);
  const given = { arguments: line.given, environment: variables.given, config: config.given };
  const settled = settleOptions(clientOptions, given);
  const [address, ...more] = line.certain ? line.positionals : [];
  const faults = [...line.faults, ...variables.faults, ...config.faults, ...settled.faults];
  if (more.length > 0) faults.push(fault('the address', 'is the only parameter; commands stand behind --command'));
  const { values } = settled;
  for (const name of ['password-file', 'password-command'] as const) {
    if (!line.certain || address !== undefined || values[name] === undefined) continue;
    faults.push(fault(`--${name}`, 'is for the address of the command line only, and there is none'));
  }
  const script = values.script === undefined ? undefined : await readScript(resolve(cwd, values.script));
  if (script !== undefined && typeof script !== 'string') faults.push(script);
  if (faults.length > 0) return { kind: 'faults', faults };
  const scripts = [...values.command, ...(typeof script === 'string' ? [script] : [])];
  const isTyped = scripts.length === 0 && values.script === undefined;
  return {
    kind: 'parameters',
    parameters: {
      options: values,
      texts: textsOf([config.given, variables.given, line.given]),
      address,
      scripts: isTyped ? undefined : scripts,
      stateFolder: resolve(cwd, values['state-dir'] ?? join(stateDirectory(surroundings), 'client')),
    },
  };
}

/** @param sources the weakest first */
function textsOf(sources: readonly GivenOptions[]): ReadonlyMap<string, string> {
  return new Map(sources.flatMap((given) => [...given].map(([name, { texts }]) => [name, texts.join(' ')] as const)));
}

// More than one file, or an empty name, is a fault that settleOptions tells.
async function readConfigFile(files: readonly string[], cwd: string): Promise<ConfigOptions> {
  const [file] = files;
  if (!file || files.length > 1) return { given: new Map(), faults: [] };
  try {
    return readConfig(clientOptions, await readFile(resolve(cwd, file), 'utf8'), file);
  } catch (error) {
    return { given: new Map(), faults: [fault('--config', `cannot be read: ${readProblem(error)}`, file)] };
  }
}

async function readScript(path: string): Promise<string | Fault> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return fault('--script', `cannot be read: ${readProblem(error)}`, path);
  }
}
