import { type CommandLine, readCommandLine } from '../base/command-line.ts';
import { findPassword } from '../far/find-login.ts';
import { judgeParameters } from './judge-parameters.ts';
import { mirrorHelp } from './mirror-help.ts';
import { mirrorOptions } from './mirror-options.ts';
import type { ParameterResult } from './parameters.ts';
import { type Positionals, readPositionals } from './positionals.ts';
import { readMirrorOptions } from './read-mirror-options.ts';
import type { Surroundings } from './surroundings.ts';

// Behind an unknown option the words may be shifted by one, and any of them may be its value, a password for example.
const NOT_JUDGED: Positionals = { extensions: [], faults: [] };

/**
 * Read and check everything the mirror is told.
 *
 * All faults are told at once; only a password file is read, a password command run or a password asked for when there
 * are no others. `--help` and `--version` go before everything, faults included.
 *
 * @param words the arguments without node and script
 * @throws only what `surroundings` throws
 */
export async function getParameters(words: readonly string[], surroundings: Surroundings): Promise<ParameterResult> {
  const line = readCommandLine(mirrorOptions, words);
  if (asksFor(line, 'help')) return { kind: 'help', text: mirrorHelp(surroundings.columns) };
  if (asksFor(line, 'version')) return { kind: 'version' };

  const options = await readMirrorOptions(line, surroundings);
  const positionals = line.certain ? readPositionals(line.positionals) : NOT_JUDGED;
  const { faults, warnings, ready } = await judgeParameters(options, positionals, surroundings);
  if (!ready || faults.length > 0) return { kind: 'faults', faults };

  const password = await findPassword(ready.request, ready.user, surroundings);
  if (password.secret === undefined) return { kind: 'faults', faults: password.faults };
  return {
    kind: 'parameters',
    parameters: {
      ...ready.parameters,
      site: { ...ready.user.address, password: password.secret },
      warnings: [...warnings, ...password.warnings],
    },
  };
}

function asksFor({ given }: CommandLine, name: 'help' | 'version'): boolean {
  return given.get(name)?.texts.includes('true') ?? false;
}
