import { decimalNumber, type NumberRange } from './plain-number.ts';

/** What {@link parseDuration} takes, in words. */
export const DURATION_RULE =
  'must be a number of seconds such as 90, or of minutes, hours or days such as 30m, 12h or 1d, or never';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const ANY: NumberRange = [0, Number.POSITIVE_INFINITY];

/** Read a length of time: `90`, `90s`, `30m`, `1.5h`, `1d`; `0` and `never` are the one without end.
 *
 * @returns milliseconds, or `undefined` when it breaks {@link DURATION_RULE}
 */
export function parseDuration(text: string): number | undefined {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const unit = UNITS_MS[text.slice(-1)];
  const number = decimalNumber(unit === undefined ? text : text.slice(0, -1), ANY);
  if (number === undefined) return undefined;
  return number === 0 ? Number.POSITIVE_INFINITY : Math.round(number * (unit ?? 1000));
}
