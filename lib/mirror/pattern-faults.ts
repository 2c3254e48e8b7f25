import { messageOf } from '../base/coded-error.ts';
import { type Fault, fault } from '../base/fault.ts';
import type { GivenOption, GivenOptions } from '../base/option-table.ts';
import { readValue } from '../base/option-value.ts';
import { showText } from '../base/show-text.ts';
import { FilesError } from '../files/files-error.ts';
import { parsePattern } from '../files/pattern.ts';
import { mirrorOptions } from './mirror-options.ts';

/**
 * The patterns of `--exclude` and `--include` that cannot be understood.
 *
 * To be told with all other faults: a mirror that went on without such a pattern would put on the site what it hides.
 *
 * @param sources the places where options may be given; all are looked at, also one that another overrules
 */
export function patternFaults(sources: readonly GivenOptions[]): readonly Fault[] {
  return sources.flatMap((given) => [...faultsOf(given.get('exclude')), ...faultsOf(given.get('include'))]);
}

function* faultsOf(option: GivenOption | undefined): Generator<Fault> {
  if (option === undefined) return;
  for (const text of option.texts) {
    // An empty text, or one with control characters, is a fault of the option already.
    if (readValue(mirrorOptions.exclude, text) === undefined) continue;
    const problem = problemOf(text);
    if (problem !== undefined) yield fault(option.label, `cannot be understood: ${showText(problem)}`, text);
  }
}

function problemOf(text: string): string | undefined {
  try {
    parsePattern(text, '');
    return undefined;
  } catch (error) {
    if (!(error instanceof FilesError)) throw error;
    // The reason alone: place and pattern stand in the fault itself.
    return messageOf(error.cause);
  }
}
