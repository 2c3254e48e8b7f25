import type { OptionEntry } from './option-table.ts';
import { decimalNumber, decimalNumberRule, wholeNumber, wholeNumberRule } from './plain-number.ts';

const CONTROL = /\p{Cc}/u;

/** Read one text by the rule of its option; `undefined` when it breaks {@link ruleOf}. */
export function readValue(entry: OptionEntry, text: string): unknown {
  switch (entry.type) {
    case 'flag':
      return readFlag(text);
    case 'integer':
      return wholeNumber(text, entry.range);
    case 'number':
      return decimalNumber(text, entry.range);
    case 'choice':
      return entry.choices.includes(text) ? text : undefined;
    case 'parsed':
      return entry.parse(text);
    case 'text':
    case 'texts':
      return text === '' || CONTROL.test(text) ? undefined : text;
  }
}

/** What a value of this option must be, in words that go on after the value. */
export function ruleOf(entry: OptionEntry): string {
  switch (entry.type) {
    case 'flag':
      return 'must be true or false';
    case 'integer':
      return wholeNumberRule(entry.range);
    case 'number':
      return decimalNumberRule(entry.range);
    case 'choice':
      return `must be one of ${entry.choices.join(', ')}`;
    case 'parsed':
      return entry.rule;
    case 'text':
    case 'texts':
      return 'must not be empty or hold control characters';
  }
}

function readFlag(text: string): boolean | undefined {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return undefined;
}
