import { type Fault, fault } from './fault.ts';
import { didYouMean } from './nearest.ts';
import type { GivenOption, GivenOptions, OptionTable } from './option-table.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says: not checked by the rules of the options yet. */
export interface EnvironmentOptions {
  readonly given: GivenOptions;
  readonly faults: readonly Fault[];
}

/**
 * Read the variables that stand for options: `FILESMIRROR_MAX_DELETE` for `--max-delete`.
 *
 * An empty variable counts as not set, as shells and service managers leave it. An option that may be given several
 * times has one value a line. A variable with the prefix that stands for no option is a fault: a guard that was mistyped
 * must not be silently missing.
 *
 * @param prefix with its last underscore: `FILESMIRROR_`
 */
export function readEnvironment(table: OptionTable, environment: Environment, prefix: string): EnvironmentOptions {
  const names = new Map(Object.keys(table).map((name) => [variableOf(name, prefix), name]));
  const given = new Map<string, GivenOption>();
  const faults: Fault[] = [];
  for (const [label, value] of Object.entries(environment)) {
    if (!label.startsWith(prefix) || value === undefined || value === '') continue;
    const name = names.get(label);
    const entry = name === undefined ? undefined : table[name];
    if (name === undefined || !entry) {
      faults.push(fault(label, `stands for no option${didYouMean(label, names.keys())}`));
    } else if (entry.commandLineOnly) {
      faults.push(fault(label, `--${name} can be given only on the command line`));
    } else {
      given.set(name, { label, texts: entry.type === 'texts' ? linesOf(value) : [value] });
    }
  }
  return { given, faults };
}

/** The variable that stands for an option: `max-delete` becomes `FILESMIRROR_MAX_DELETE`. */
export function variableOf(name: string, prefix: string): string {
  return prefix + name.toUpperCase().replaceAll('-', '_');
}

function linesOf(value: string): readonly string[] {
  return value.split(/\r?\n/).filter((line) => line !== '');
}
