// RFC 3659 section 2.3 has four digits for the year.
const EARLIEST = utc(0, 1, 1);
const LATEST = utc(9999, 12, 31) + 86_400_000 - 1;

/** Can this time be told with four digits for the year? */
export function isTellableTime(ms: number): boolean {
  const whole = Math.round(ms);
  return whole >= EARLIEST && whole <= LATEST;
}

/**
 * A time as MDTM, MFMT and MLSD tell it (RFC 3659 section 2.3): YYYYMMDDHHMMSS, with `.sss` where it is not a whole
 * second.
 *
 * @param ms milliseconds since 1970 (UTC); a broken part of a millisecond is rounded
 * @throws RangeError for a year before 0 or after 9999; ask {@link isTellableTime}
 */
export function formatTime(ms: number): string {
  const whole = Math.round(ms);
  if (!isTellableTime(ms)) throw new RangeError(`The time ${ms} cannot be told with four digits for the year`);
  // YYYY-MM-DDTHH:MM:SS.sssZ; behind the year 9999 and before 0 it would be longer.
  const iso = new Date(whole).toISOString();
  const day = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10);
  const digits = day + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19);
  const fraction = iso.slice(20, 23);
  return fraction === '000' ? digits : `${digits}.${fraction}`;
}

/**
 * The way back from {@link formatTime}.
 *
 * @returns milliseconds since 1970 (UTC), digits behind the third of the fraction cut off; `undefined` for a text that
 *   is no time or a day or second that does not exist (a leap second included: no clock of ours can hold it)
 */
export function parseTime(text: string): number | undefined {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]+))?$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 7).map(Number);
  const midnight = utc(year, month, day);
  const date = new Date(midnight);
  // Date turns 30 February into 2 March; what does not come back the same does not exist.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
}

/** Midnight of a day; Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
