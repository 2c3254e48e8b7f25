/** The least and the most a number may be, both included; the most may be Infinity. */
export type NumberRange = readonly [least: number, most: number];

// Only what means the same to everybody: 010 is 8 to a C programmer, 1e3 and 0x10 are mistypings more often than numbers.
const WHOLE = /^(?:0|[1-9]\d*)$/;
const DECIMAL = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A whole number in plain digits, without sign, blanks, exponent or leading zero; `undefined` for anything else. */
export function wholeNumber(text: string, range: NumberRange): number | undefined {
  return WHOLE.test(text) ? within(Number(text), range) : undefined;
}

/** As {@link wholeNumber}, with a decimal point allowed. */
export function decimalNumber(text: string, range: NumberRange): number | undefined {
  return DECIMAL.test(text) ? within(Number(text), range) : undefined;
}

/** The rule that {@link wholeNumber} checks, in words. */
export function wholeNumberRule(range: NumberRange): string {
  return `must be a whole number ${rangeText(range)}, in plain digits without a leading zero`;
}

/** The rule that {@link decimalNumber} checks, in words. */
export function decimalNumberRule(range: NumberRange): string {
  return `must be a number ${rangeText(range)}, in plain digits without a leading zero`;
}

/** A range in words: `from 1 to 64`, `of at least 1`. */
export function rangeText([least, most]: NumberRange): string {
  return most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
}

// Above 2^53 a number is not the one that was typed any more.
function within(number: number, [least, most]: NumberRange): number | undefined {
  return number >= least && number <= Math.min(most, Number.MAX_SAFE_INTEGER) ? number : undefined;
}
