import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DataFolder, dataFolderAt } from '../accounts/data-folder.ts';
import { codeOf } from '../base/coded-error.ts';
import { type CommandLine, readCommandLine, settleOptions } from '../base/command-line.ts';
import { type ConfigOptions, readConfig } from '../base/config-options.ts';
import { readEnvironment } from '../base/environment-options.ts';
import { type Fault, fault } from '../base/fault.ts';
import { readGeneral } from '../base/general-options.ts';
import { didYouMean } from '../base/nearest.ts';
import type { GivenOptions } from '../base/option-table.ts';
import type { ParameterResult } from '../base/program.ts';
import { readProblem } from '../base/read-problem.ts';
import { type ServerCommand, serverCommands, serverHelp } from './server-help.ts';
import { ENVIRONMENT_PREFIX, type ServerValues, serverOptions } from './server-options.ts';
import type { ServerSurroundings } from './server-surroundings.ts';

/** What the server is told, checked. */
export interface ServerParameters {
  readonly command: ServerCommand;
  readonly folder: DataFolder;
  readonly values: ServerValues;
  /** What was given on the command line, for the config file that `init` writes. */
  readonly given: GivenOptions;
}

/** What came out of reading the parameters. */
export type ServerParameterResult = ParameterResult<ServerParameters>;

// The folder that holds the config file cannot be named in it.
const { data: _whereConfigIs, ...configurable } = serverOptions;

const ONLY_INIT = ['demo', 'admin-password-file'] as const;

/**
 * Read and check everything the server is told: the command line, the environment and, but for `init`, conf.json.
 *
 * All faults are told at once. Read again with the same words, it tells what has changed in conf.json.
 *
 * @param words the arguments without node and script
 */
export async function readServerParameters(
  words: readonly string[],
  { environment, cwd, columns }: ServerSurroundings,
): Promise<ServerParameterResult> {
  const line = readCommandLine(serverOptions, words);
  const general = readGeneral(line, () => serverHelp(columns));
  if (general !== undefined) return general;

  const variables = readEnvironment(serverOptions, environment, ENVIRONMENT_PREFIX);
  const named = readCommand(line);
  const path = line.given.get('data')?.texts[0] ?? variables.given.get('data')?.texts[0];
  const folder = dataFolderAt(resolve(cwd, path ?? ''));
  const hasConfig = path !== undefined && path !== '' && named.command !== 'init' && named.faults.length === 0;
  const config = hasConfig ? await readConfigFile(folder) : { given: new Map(), faults: [] };
  const { values, faults } = settleOptions(serverOptions, {
    arguments: line.given,
    environment: variables.given,
    config: config.given,
  });
  const all = [...line.faults, ...named.faults, ...missing(path), ...variables.faults, ...config.faults, ...faults];
  if (all.length > 0) return { kind: 'faults', faults: all };
  return { kind: 'parameters', parameters: { command: named.command, folder, values, given: line.given } };
}

function missing(path: string | undefined): readonly Fault[] {
  return path === undefined ? [fault('--data', 'must be given: the folder in which all of the server lies')] : [];
}

function readCommand({ positionals, given, certain }: CommandLine): {
  readonly command: ServerCommand;
  readonly faults: readonly Fault[];
} {
  // Behind an unknown option the words may be shifted: that option is fault enough.
  const [word = 'start', ...more] = certain ? positionals : [];
  const command = serverCommands.find((known) => known === word);
  if (command === undefined) {
    const rule = `must be ${serverCommands.join(', ')} or nothing${didYouMean(word, serverCommands)}`;
    return { command: 'start', faults: [fault('command', rule, word)] };
  }
  const faults = more.map((extra) => fault('command', `takes nothing behind ${command}`, extra));
  if (command === 'init') return { command, faults };
  const foreign = ONLY_INIT.filter((name) => given.has(name));
  return { command, faults: [...faults, ...foreign.map((name) => fault(`--${name}`, 'is for init only'))] };
}

async function readConfigFile({ root, configFile }: DataFolder): Promise<ConfigOptions> {
  try {
    return readConfig(configurable, await readFile(configFile, 'utf8'), configFile);
  } catch (error) {
    const rule =
      codeOf(error) === 'ENOENT'
        ? 'is no data folder of a server, since it holds no conf.json; make one with init --data DIR'
        : `conf.json in it cannot be read: ${readProblem(error)}`;
    return { given: new Map(), faults: [fault('--data', rule, root)] };
  }
}
