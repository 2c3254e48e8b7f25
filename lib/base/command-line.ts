import minimist from 'minimist';
import { arrangeArguments } from './arrange-arguments.ts';
import { type Fault, fault } from './fault.ts';
import type { GivenOption, GivenOptions, OptionSource, OptionTable, ValuesOf } from './option-table.ts';
import { readValue, ruleOf } from './option-value.ts';

/** The arguments of a program, told apart but not checked yet. */
export interface CommandLine {
  readonly given: GivenOptions;
  readonly positionals: readonly string[];
  /** False when an unknown option may have shifted the positionals: then they are not worth judging. */
  readonly certain: boolean;
  readonly faults: readonly Fault[];
}

/** Checked options with the place each came from. */
export interface SettledOptions<Table extends OptionTable> {
  /** Only to be used when there are no faults: a value with a fault is replaced by its default. */
  readonly values: ValuesOf<Table>;
  readonly sources: { readonly [Name in keyof Table]: OptionSource };
  readonly faults: readonly Fault[];
}

/**
 * Tell the options and positionals of a command line apart.
 *
 * @param words the arguments without node and script
 */
export function readCommandLine(table: OptionTable, words: readonly string[]): CommandLine {
  const { options, positionals, certain, faults } = arrangeArguments(table, words);
  const parsed: Readonly<Record<string, unknown>> = minimist([...options], { string: Object.keys(table) });
  const given = new Map<string, GivenOption>();
  for (const name of Object.keys(table)) {
    const texts = asTexts(parsed[name]);
    if (texts.length > 0) given.set(name, { label: `--${name}`, texts });
  }
  return { given, positionals, certain, faults };
}

/**
 * Check what was given and fill in the defaults.
 *
 * @param given what each source says; where two speak of the same option the one that stands first here wins whole,
 *   lists are not joined: arguments, then environment, then config
 */
export function settleOptions<Table extends OptionTable>(
  table: Table,
  given: Readonly<Partial<Record<OptionSource, GivenOptions>>>,
): SettledOptions<Table> {
  const values: Record<string, unknown> = {};
  const sources: Record<string, OptionSource> = {};
  const faults: Fault[] = [];
  for (const name of Object.keys(table)) {
    const source = PRECEDENCE.find((candidate) => given[candidate]?.has(name));
    sources[name] = source ?? 'default';
    // Every source is checked, also one that is overruled: a fault in a config file must not sleep there.
    for (const candidate of [...PRECEDENCE].reverse()) {
      const option = given[candidate]?.get(name);
      if (option) values[name] = settleOption(table, name, option, faults);
    }
    values[name] ??= defaultOf(table, name);
  }
  // The loop above has made exactly the keys and types that the mapped type names; the compiler cannot follow it.
  return { values, sources, faults } as unknown as SettledOptions<Table>;
}

const PRECEDENCE = ['arguments', 'environment', 'config'] as const;

function settleOption(table: OptionTable, name: string, { label, texts }: GivenOption, faults: Fault[]): unknown {
  const entry = table[name];
  if (!entry) return undefined;
  if (entry.type !== 'texts' && texts.length > 1) {
    faults.push(fault(label, `may be given only once, not ${texts.length} times`));
    return undefined;
  }
  const values = texts.map((text) => {
    const value = readValue(entry, text);
    if (value === undefined) faults.push(fault(label, ruleOf(entry), entry.secret ? undefined : text));
    return value;
  });
  return entry.type === 'texts' ? values.filter((value) => value !== undefined) : values[0];
}

function defaultOf(table: OptionTable, name: string): unknown {
  const entry = table[name];
  if (entry?.type === 'texts') return [];
  return entry?.default;
}

function asTexts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
