import { type NumberRange, wholeNumber } from '../base/plain-number.ts';

/** Who does the work: worker threads, child processes, asynchronous connections in this process, or one connection. */
export type Multi = {
  readonly kind: 'T' | 'P' | 'A' | '1';
  /** How many of them. */
  readonly count: number;
  /** Is that the most, and one as long as it is not short of CPU? */
  readonly grows?: true;
};

/** More than any server of the survey takes from one address. */
export const CONNECTION_RANGE: NumberRange = [1, 64];

/** As many as are tried where nobody chose a number: where round trips are what takes the time, eight do eight times as much. */
export const MOST_GROWN = 8;

/** Each has a connection; a child is 60 MB, so 64 are 4 GB. */
export const PROCESS_RANGE: NumberRange = [1, 64];

/** What {@link parseMulti} takes, in words. */
export const MULTI_RULE = 'must be T, P or A and a whole number from 1 to 64 (T4, P6, A8), or 1';

/** Read the value of `--multi`; `undefined` when it breaks {@link MULTI_RULE}. */
export function parseMulti(text: string): Multi | undefined {
  if (text === '1') return { kind: '1', count: 1 };
  const kind = (['T', 'P', 'A'] as const).find((letter) => text.startsWith(letter));
  const count = wholeNumber(text.slice(1), PROCESS_RANGE);
  return kind === undefined || count === undefined ? undefined : { kind, count };
}

/** The value of `--multi` that means this. */
export function showMulti({ kind, count }: Multi): string {
  return kind === '1' ? '1' : `${kind}${count}`;
}

/** What rule so many connections in all break together with a choice of workers, if any. */
export function brokenRule({ kind, count }: Multi, connections: number): string | undefined {
  const multi = showMulti({ kind, count });
  if (kind === '1' || kind === 'A') {
    return connections === count ? undefined : `must be ${count} or left out, since --multi is ${multi}`;
  }
  return connections >= count
    ? undefined
    : `must be at least ${count}, one connection for each worker of --multi ${multi}`;
}

/** One child, and at most as many as the machine has cores, but no more than four: above that only the line counts. */
export function defaultMulti(cores: number): Multi {
  return { kind: 'P', count: Math.max(1, Math.min(cores, 4)), grows: true };
}
