import { messageOf } from './coded-error.ts';
import { type Fault, fault } from './fault.ts';
import { didYouMean } from './nearest.ts';
import type { GivenOption, GivenOptions, OptionEntry, OptionTable } from './option-table.ts';

/** What a config file says: not checked by the rules of the options yet. */
export interface ConfigOptions {
  readonly given: GivenOptions;
  readonly faults: readonly Fault[];
}

/**
 * Read a config file: a JSON object of option names, as typed but without dashes, and values.
 *
 * @param text what is in the file
 * @param file its name, for the faults
 */
export function readConfig(table: OptionTable, text: string, file: string): ConfigOptions {
  const settings = parseObject(text);
  if (typeof settings === 'string') return { given: new Map(), faults: [fault(file, settings)] };
  const given = new Map<string, GivenOption>();
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const label = `${name} in ${file}`;
    const entry = Object.hasOwn(table, name) ? table[name] : undefined;
    const texts = entry && textsOf(entry, value);
    if (!entry) faults.push(fault(label, `unknown option${didYouMean(name, configurable(table))}`));
    else if (entry.commandLineOnly) faults.push(fault(label, 'can be given only on the command line'));
    else if (!texts) faults.push(fault(label, `must be ${formOf(entry)}`));
    else given.set(name, { label, texts });
  }
  return { given, faults };
}

function parseObject(text: string): Record<string, unknown> | string {
  try {
    // Editors of another system may put a byte order mark in front, which JSON does not know.
    const settings: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) {
      return Object.fromEntries(Object.entries(settings));
    }
    return 'must be a JSON object of option names and values';
  } catch (error) {
    return `must be JSON: ${withoutExcerpt(messageOf(error))}`;
  }
}

// Newer versions of Node quote a piece of the text in the message, and the text may hold a secret.
function withoutExcerpt(message: string): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec(message);
  return place ? `it breaks at ${place[0]}` : 'it ends too early or breaks off';
}

function textsOf(entry: OptionEntry, value: unknown): readonly string[] | undefined {
  if (entry.type === 'flag') return typeof value === 'boolean' ? [String(value)] : undefined;
  if (entry.type === 'texts' && Array.isArray(value)) {
    return value.every((item) => typeof item === 'string') ? value : undefined;
  }
  if (typeof value === 'string') return [value];
  return typeof value === 'number' && takesNumber(entry) ? [String(value)] : undefined;
}

function formOf(entry: OptionEntry): string {
  if (entry.type === 'flag') return 'true or false, without quotes';
  if (entry.type === 'texts') return 'a text in quotes or a list of such';
  return takesNumber(entry) ? 'a number or a text in quotes' : 'a text in quotes';
}

// Notations such as `4` or `50%` may be bare numbers, too.
function takesNumber({ type }: OptionEntry): boolean {
  return type === 'number' || type === 'integer' || type === 'parsed';
}

function configurable(table: OptionTable): readonly string[] {
  return Object.keys(table).filter((name) => !table[name]?.commandLineOnly);
}
