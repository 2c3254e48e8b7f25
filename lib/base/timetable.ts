import { parseByteSize } from './byte-size.ts';

/** From a minute of the day on, by local time: so many bytes a second, or `null` for as many as there can be. */
export type RateFrom = { readonly minute: number; readonly bytesPerSecond: number | null };

/** A rate for each time of the day, by rising minutes; before the first of them the last one holds. Plain JSON values. */
export type Timetable = readonly RateFrom[];

/** What {@link parseTimetable} takes, in words. */
export const TIMETABLE_RULE =
  'must be bytes per second of at least 1k such as 512k or 2M, off, or rates by time of day such as 08:00,512k 19:00,off';

// Less would keep a server waiting for minutes, and it would hang up.
const LEAST = 1024;

/** Read a rate that holds always, `2M`, or a timetable, `08:00,512k 19:00,off`; `undefined` when it breaks the rule. */
export function parseTimetable(text: string): Timetable | undefined {
  const always = parseRate(text);
  if (always !== undefined) return [{ minute: 0, bytesPerSecond: always }];
  const entries = text.split(' ').map(parseEntry);
  const rates = entries.filter((entry) => entry !== undefined).sort((one, other) => one.minute - other.minute);
  const isWhole = rates.length === entries.length && new Set(rates.map(({ minute }) => minute)).size === rates.length;
  return isWhole ? rates : undefined;
}

/** The bytes per second that hold at a time; Infinity for as many as there can be. */
export function rateAt(timetable: Timetable, ms: number): number {
  const time = new Date(ms);
  const now = time.getHours() * 60 + time.getMinutes();
  const current = timetable.findLast(({ minute }) => minute <= now) ?? timetable.at(-1);
  return current?.bytesPerSecond ?? Number.POSITIVE_INFINITY;
}

function parseEntry(text: string): RateFrom | undefined {
  const [, hour, minute, rate = ''] = /^([01]\d|2[0-3]):([0-5]\d),(.+)$/.exec(text) ?? [];
  const bytesPerSecond = parseRate(rate);
  if (hour === undefined || minute === undefined || bytesPerSecond === undefined) return undefined;
  return { minute: Number(hour) * 60 + Number(minute), bytesPerSecond };
}

function parseRate(text: string): number | null | undefined {
  if (text === 'off') return null;
  const rate = parseByteSize(text);
  return rate === undefined || rate < LEAST ? undefined : rate;
}
