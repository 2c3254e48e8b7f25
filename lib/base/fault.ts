import { showText } from './show-text.ts';

/** What is wrong with one parameter, option or setting: data, so that all faults can be told at once. */
export interface Fault {
  /** How the user knows it: `max_depth`, `--retries`, `FILESMIRROR_RETRIES`, `retries in mirror.json`. */
  readonly parameter: string;
  /** What was given, as it was given; left out where nothing was, or where it is or may be secret. */
  readonly value?: string;
  /** What it must be; for a value nobody understands also what was probably meant. */
  readonly rule: string;
  /** All of that in one line, fit for a log: control characters are escaped and long values cut. */
  readonly message: string;
}

/** Say what is wrong with a parameter; without a value for what is missing or secret. */
export function fault(parameter: string, rule: string, value?: string): Fault {
  const name = showText(parameter);
  if (value === undefined) return { parameter, rule, message: `${name}: ${rule}` };
  return { parameter, value, rule, message: `${name} "${showText(value)}": ${rule}` };
}
