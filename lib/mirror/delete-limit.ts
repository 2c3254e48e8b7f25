import { wholeNumber } from '../base/plain-number.ts';
import type { DeleteLimit } from '../sync/guards.ts';

/** What {@link parseDeleteLimit} takes, in words. */
export const DELETE_LIMIT_RULE = 'must be a whole number of entries such as 100, or a percentage from 0% to 100%';

/** Read the value of `--max-delete`; `undefined` when it breaks {@link DELETE_LIMIT_RULE}. */
export function parseDeleteLimit(text: string): DeleteLimit | undefined {
  if (!text.endsWith('%')) {
    const most = wholeNumber(text, [0, Number.POSITIVE_INFINITY]);
    return most === undefined ? undefined : { unit: 'entries', most };
  }
  const most = wholeNumber(text.slice(0, -1), [0, 100]);
  return most === undefined ? undefined : { unit: 'percent', most, above: 0 };
}
