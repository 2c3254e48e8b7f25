import { type Fault, fault } from '../base/fault.ts';
import {
  decimalNumber,
  decimalNumberRule,
  type NumberRange,
  wholeNumber,
  wholeNumberRule,
} from '../base/plain-number.ts';
import { parseSite } from '../ftp/parse-site.ts';
import type { SiteParts } from '../ftp/site-parts.ts';
import { PROCESS_RANGE } from './multi.ts';

/** The positional parameters; those with a fault are missing. */
export interface Positionals {
  readonly site?: SiteParts;
  /** As it was given. */
  readonly localDirectory?: string;
  readonly maxDepth?: number;
  readonly frequencySeconds?: number;
  readonly maxProcesses?: number;
  /** Each with its dot, none twice. */
  readonly extensions: readonly string[];
  readonly faults: readonly Fault[];
}

const DEPTH_RANGE: NumberRange = [1, Number.POSITIVE_INFINITY];
// The longest time a timer of Node can be set to is 2^31-1 milliseconds, a little less than 25 days.
const FREQUENCY_RANGE: NumberRange = [1, 2_147_483];
const EXTENSION = /^\.[^/\\*?\p{Cc}]+$/u;
const EXTENSION_RULE = 'must begin with a dot and hold no slash, * or ?; for a pattern use --exclude';

/**
 * Judge the positional parameters, all of them, each by its own rule.
 *
 * The first optional one is `max_processes` when it looks like a number, a wrong one included: `4x` is a mistyped number
 * and must not silently become something else.
 */
export function readPositionals(words: readonly string[]): Positionals {
  const [siteText, folder, depthText, frequencyText, ...optional] = words;
  const faults: Fault[] = [];
  const site = readSite(siteText, faults);
  if (!site && isTornApart(siteText, folder)) return { extensions: [], faults };
  const localDirectory = readFolder(folder, faults);
  const maxDepth = readNumber('max_depth', depthText, faults, {
    read: (text) => wholeNumber(text, DEPTH_RANGE),
    rule: wholeNumberRule(DEPTH_RANGE),
  });
  const frequencySeconds = readNumber('refresh_frequency', frequencyText, faults, {
    read: (text) => decimalNumber(text, FREQUENCY_RANGE),
    rule: `${decimalNumberRule(FREQUENCY_RANGE)} (seconds)`,
  });
  return {
    ...(site && { site }),
    ...(localDirectory !== undefined && { localDirectory }),
    ...(maxDepth !== undefined && { maxDepth }),
    ...(frequencySeconds !== undefined && { frequencySeconds }),
    ...readOptional(optional, faults),
    faults,
  };
}

// Without the quotes around a site with blanks its pieces, the password among them, stand where the rest should be.
function isTornApart(site = '', next = ''): boolean {
  return site.endsWith(',') || next.startsWith(',');
}

function readSite(text: string | undefined, faults: Fault[]): SiteParts | undefined {
  if (text === undefined) {
    faults.push(missing('ftp_website', 'host,user,password,directory[,port] or a URL'));
    return undefined;
  }
  const site = parseSite(text);
  if ('parts' in site) return site.parts;
  faults.push(...site.faults);
  return undefined;
}

function readFolder(text: string | undefined, faults: Fault[]): string | undefined {
  if (text === undefined) faults.push(missing('local_directory', 'the folder to mirror'));
  else if (text === '' || text.includes('\0'))
    faults.push(fault('local_directory', 'must be the path of a folder', text));
  else return text;
  return undefined;
}

interface NumberRule {
  readonly read: (text: string) => number | undefined;
  readonly rule: string;
}

function readNumber(
  name: string,
  text: string | undefined,
  faults: Fault[],
  { read, rule }: NumberRule,
): number | undefined {
  const number = text === undefined ? undefined : read(text);
  if (text === undefined) faults.push(missing(name, rule));
  else if (number === undefined) faults.push(fault(name, rule, text));
  return number;
}

function readOptional(words: readonly string[], faults: Fault[]): Pick<Positionals, 'extensions' | 'maxProcesses'> {
  const [first] = words;
  const isNumber = first !== undefined && /^\s*[-+]?\d/.test(first);
  const maxProcesses = isNumber
    ? readNumber('max_processes', first, faults, {
        read: (text) => wholeNumber(text, PROCESS_RANGE),
        rule: `${wholeNumberRule(PROCESS_RANGE)}; an excluded_extension begins with a dot`,
      })
    : undefined;
  const extensions = isNumber ? words.slice(1) : words;
  for (const extension of extensions) {
    if (!EXTENSION.test(extension)) faults.push(fault('excluded_extension', EXTENSION_RULE, extension));
  }
  return { ...(maxProcesses !== undefined && { maxProcesses }), extensions: [...new Set(extensions)] };
}

function missing(name: string, what: string): Fault {
  return fault(name, `missing: ${what}`);
}
