import type { GivenOptions, OptionTable } from './option-table.ts';
import { showText } from './show-text.ts';

/**
 * What one source says, fit for a log: a text for each option, secrets masked.
 *
 * @example `['--max-delete "10%"', '--password-command ***']`
 */
export function showOptions(table: OptionTable, given: GivenOptions): readonly string[] {
  return [...given].map(([name, { label, texts }]) => {
    const entry = table[name];
    const secret = !entry || entry.secret === true;
    return `${showText(label)} ${secret ? '***' : texts.map((text) => `"${showText(text)}"`).join(' ')}`;
  });
}
