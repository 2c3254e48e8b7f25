import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf } from '../../../lib/base/coded-error.ts';
import type { LogLevel } from '../../../lib/base/log-words.ts';
import { type LogFacts, type LoggerOptions, openLogger } from '../../../lib/base/logger.ts';

/** What the program is told, as JSON on its standard input. */
export interface LogErrand {
  readonly options: Omit<LoggerOptions, 'writeLine'>;
  readonly days: readonly {
    /** The time of all of its lines, milliseconds since 1970; missing: the machine's. */
    readonly at?: number;
    readonly lines: readonly (readonly [LogLevel, string, LogFacts?])[];
  }[];
}

/*
 * Writes a log as a program of its own: what log4js is told holds for a whole process.
 *
 * Each line the log gives away is put out as one JSON text, and `closed` at the end. Before the time moves on to another
 * day, what was logged is waited for: the file is begun anew by the clock of the moment when a line is written.
 */
const RealDate = Date;
const { options, days } = JSON.parse(await text(process.stdin)) as LogErrand;

// The file is of the day on which it is opened.
setTime(days[0]?.at);
const logger = openLogger({ ...options, writeLine: (line) => console.log(JSON.stringify(line)) });
for (const [index, { at, lines }] of days.entries()) {
  setTime(at);
  for (const [level, message, facts] of lines) logger[level](message, facts);
  if (index < days.length - 1) await isInFile(lines.at(-1)?.[1] ?? '');
}
await logger.close();
console.log(JSON.stringify('closed'));

function setTime(at: number = RealDate.now()): void {
  globalThis.Date = class extends RealDate {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(at);
      else super(...(given as [number]));
    }
  } as DateConstructor;
}

// Another turn of the event loop is all a write needs; if none of so many sees it, it will not come.
async function isInFile(line: string): Promise<void> {
  for (let turn = 0; turn < 100_000; turn += 1) {
    if (content().includes(line)) return;
    await nextTurn();
  }
  throw new Error(`"${line}" was not written`);
}

/** Between two days there is no file for a moment. */
function content(): string {
  try {
    return readFileSync(options.file ?? '', 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
