import { decimalNumber, type NumberRange, wholeNumber } from './plain-number.ts';

/** What {@link parseByteSize} takes, in words. */
export const BYTE_SIZE_RULE = 'must be a number of bytes such as 500, or of KiB, MiB or GiB such as 512k, 8M or 1.5G';

// 1024, as rclone, curl and lftp count.
const UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

const ANY: NumberRange = [0, Number.POSITIVE_INFINITY];

/** Read an amount of bytes: `500`, `512k`, `8M`, `1.5G`; `undefined` when it breaks {@link BYTE_SIZE_RULE}. */
export function parseByteSize(text: string): number | undefined {
  const unit = UNITS[text.slice(-1).toLowerCase()];
  if (unit === undefined) return wholeNumber(text, ANY);
  const number = decimalNumber(text.slice(0, -1), ANY);
  const bytes = number === undefined ? Number.NaN : Math.round(number * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
