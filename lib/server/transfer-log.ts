import { appendFileSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import type { TransferEnd } from './session-events.ts';
import { resolvePath } from './virtual-path.ts';

/** How a {@link TransferLog} is set up. */
export interface TransferLogOptions {
  readonly file: string;
  readonly isUtc: boolean;
  readonly clock: Pick<Clock, 'now'>;
  /** Told when lines cannot be written: once, until they can be again. */
  readonly onProblem: (message: string) => void;
}

const outgoing: ReadonlySet<string> = new Set(['RETR']);
const incoming: ReadonlySet<string> = new Set(['STOR', 'APPE', 'STOU']);

/**
 * A line for each file that was moved, in the form of wu-ftpd's xferlog(5), which programs for statistics read.
 *
 * The file is opened for each line: it may be moved away at any time, as programs that rotate logs do.
 */
export class TransferLog {
  readonly #options: TransferLogOptions;
  #isFailing = false;

  constructor(options: TransferLogOptions) {
    this.#options = options;
  }

  note(end: TransferEnd): void {
    if (!outgoing.has(end.verb) && !incoming.has(end.verb)) return;
    const { clock, file, isUtc, onProblem } = this.#options;
    try {
      appendFileSync(file, `${xferlogLine(end, clock.now(), isUtc)}\n`, { mode: 0o600 });
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) onProblem(`${file} cannot be written, lines are lost: the system says ${codeOf(error)}`);
      this.#isFailing = true;
    }
  }
}

/** One line of xferlog(5): fields apart by blanks, so that those in a name become `_`. */
export function xferlogLine(end: TransferEnd, nowMs: number, isUtc: boolean): string {
  const { session, user, verb, type, bytes, tookMs, code } = end;
  return [
    timeOf(nowMs, isUtc),
    String(Math.round(tookMs / 1000)),
    session.remoteAddress || '-',
    String(bytes),
    oneWord(pathOf(end)),
    type === 'A' ? 'a' : 'b',
    // No special action: nothing was compressed or packed on the way.
    '_',
    outgoing.has(verb) ? 'o' : 'i',
    // A user with a name and a password, and no other authentication (RFC 931).
    'r',
    oneWord(user),
    'ftp',
    '0',
    '*',
    code === 226 ? 'c' : 'i',
  ].join(' ');
}

function pathOf({ cwd, argument }: TransferEnd): string {
  try {
    return resolvePath(cwd, argument);
  } catch {
    // A name that was refused for what it is.
    return argument;
  }
}

function oneWord(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '_');
}

/** `Sat Nov 21 02:19:00 2026`, as ctime(3) has it. */
function timeOf(ms: number, isUtc: boolean): string {
  const time = new Date(isUtc ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000);
  // `Sat, 21 Nov 2026 02:19:00 GMT`
  const [weekday = '', date = '', month = '', year = '', clock = ''] = time.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${date.replace(/^0/, ' ')} ${clock} ${year}`;
}
