import type { FlagEntry, OptionEntry, OptionTable } from './option-table.ts';
import { rangeText } from './plain-number.ts';

/** How it is typed: `--links skip|follow`; a flag that may be on by default as `--[no-]progress`. */
export function signatureOf(name: string, entry: OptionEntry): string {
  if (entry.type === 'flag') return entry.default === false ? `--${name}` : `--[no-]${name}`;
  return `--${name} ${placeholderOf(entry)}`;
}

/** The default in words with its unit; `undefined` where there is nothing to say. */
export function defaultTextOf(entry: OptionEntry): string | undefined {
  if (entry.defaultText !== undefined) return entry.defaultText;
  // What is off needs no words.
  if (entry.type === 'flag') return entry.default === true ? 'on' : undefined;
  if (entry.type === 'texts' || entry.default === undefined) return undefined;
  return [entry.default, entry.unit].filter((part) => part !== undefined).join(' ');
}

/** The range of a number with its unit: `from 1 to 3600 seconds`; `undefined` for anything else. */
export function rangeTextOf(entry: OptionEntry): string | undefined {
  if (entry.type !== 'integer' && entry.type !== 'number') return undefined;
  return entry.unit === undefined ? rangeText(entry.range) : `${rangeText(entry.range)} ${entry.unit}`;
}

/** The option names of each group, groups and names in the order of the table. */
export function groupsOf(table: OptionTable): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, entry] of Object.entries(table)) {
    groups.set(entry.group, [...(groups.get(entry.group) ?? []), name]);
  }
  return groups;
}

function placeholderOf(entry: Exclude<OptionEntry, FlagEntry>): string {
  if (entry.placeholder !== undefined) return entry.placeholder;
  return entry.type === 'choice' ? entry.choices.join('|') : 'VALUE';
}
