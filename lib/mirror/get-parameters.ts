import { readCommandLine } from '../base/command-line.ts';
import { readGeneral } from '../base/general-options.ts';
import type { ParameterResult } from '../base/program.ts';
import { findPassword } from '../far/find-login.ts';
import { judgeParameters } from './judge-parameters.ts';
import { mirrorHelp } from './mirror-help.ts';
import { mirrorOptions } from './mirror-options.ts';
import type { MirrorParameters } from './parameters.ts';
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
export async function getParameters(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ParameterResult<MirrorParameters>> {
  const line = readCommandLine(mirrorOptions, words);
  const general = readGeneral(line, () => mirrorHelp(surroundings.columns));
  if (general !== undefined) return general;

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
