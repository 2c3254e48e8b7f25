import { resolve } from 'node:path';
import log4js from 'log4js';
import type { Clock } from './clock.ts';
import type { LogFormat, LogLevel } from './log-words.ts';
import { oneLine } from './one-line.ts';

/** Facts that go with a line: written out in `json`, left out in `text`, where the message says them. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** Where a program says what it does. */
export interface Logger {
  /** Is anything of `debug` told? Where not, what makes up its messages can be saved. */
  readonly tellsDebug: boolean;
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /**
   * Write what is still on its way and close the file; nothing may be logged after it.
   *
   * A file that could not be written to its end is told of on standard error, and is no reason to refuse: how a program
   * ends does not hang on its log.
   */
  close(): Promise<void>;
}

/** What {@link openLogger} is told. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes each whole line, without its line end: the terminal, shared with the progress line. */
  readonly writeLine: (line: string) => void;
  /** A file that gets the same lines, begun anew each day. */
  readonly file?: string;
  /** How many files of days gone by are kept. */
  readonly keepDays: number;
  /** Are the times of text lines those of UTC, instead of this machine's time zone? Those of `json` always are. */
  readonly isUtc?: boolean;
  /** What the time of a line is taken from, instead of the machine's own clock. */
  readonly clock?: Pick<Clock, 'now'>;
}

/**
 * Open the one log of a program.
 *
 * A line is `2019-03-12 02:04:52,932 - root - INFO - Valid parameters`: control characters of names in it are escaped, so
 * that one message is one line whatever a file is called.
 */
export function openLogger(options: LoggerOptions): Logger {
  const lineOf = lineMaker(options);
  log4js.addLayout(
    'text',
    () =>
      ({ data }) =>
        String(data[0]),
  );
  const gatherer = new Gatherer(lineOf);
  const appenders: log4js.Configuration['appenders'] = {
    lines: { type: { configure: () => (event) => options.writeLine(lineOf(event)) } },
  };
  const used = ['lines'];
  if (options.file !== undefined) {
    appenders['days'] = {
      type: 'dateFile',
      // As an absolute path: streamroller, below log4js, takes a leading ~ for the home folder.
      filename: resolve(options.file),
      numBackups: options.keepDays,
      layout: { type: 'text' },
    };
    appenders['file'] = { type: { configure: (_, __, find) => gatherer.before((find as FindAppender)('days')) } };
    used.push('file');
  }
  log4js.configure({ appenders, categories: { default: { appenders: used, level: options.level } } });
  return loggerOver(log4js.getLogger('root'), options.level, gatherer);
}

/** Writes lines that come in the same turn of the event loop together: each call costs more than the line itself. */
class Gatherer {
  readonly #lineOf: LineMaker;
  #lines: string[] = [];
  #write: (lines: readonly string[]) => void = () => undefined;

  constructor(lineOf: LineMaker) {
    this.#lineOf = lineOf;
  }

  before(file: log4js.AppenderFunction): log4js.AppenderFunction {
    return (event) => {
      this.#lines.push(this.#lineOf(event));
      if (this.#lines.length > 1) return;
      this.#write = (lines) => file({ ...event, data: [lines.join('\n')] });
      setImmediate(() => this.flush());
    };
  }

  flush(): void {
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.#write(lines);
  }
}

// The types of log4js leave out that it takes a name.
type FindAppender = (name: string) => log4js.AppenderFunction;

type LineMaker = (event: log4js.LoggingEvent) => string;

function lineMaker({ format, isUtc = false, clock }: LoggerOptions): LineMaker {
  const msOf = ({ startTime }: log4js.LoggingEvent) => clock?.now() ?? startTime.getTime();
  if (format === 'json') return (event) => jsonLine(event, new Date(msOf(event)));
  const shown = timeShower(isUtc);
  return (event) => textLine(event, shown(msOf(event)));
}

/** `2019-03-12 02:04:52,932 - root - INFO - Valid parameters`, as the original wrote it. */
function textLine({ categoryName, level, data }: log4js.LoggingEvent, time: string): string {
  return `${time} - ${categoryName} - ${level.levelStr} - ${oneLine(String(data[0]))}`;
}

/** `2019-03-12 02:04:52,932`, made of milliseconds since 1970; all but the last three digits once a second. */
function timeShower(isUtc: boolean): (ms: number) => string {
  let second = Number.NaN;
  let shown = '';
  return (ms) => {
    if (Math.floor(ms / 1000) !== second) {
      second = Math.floor(ms / 1000);
      const time = new Date(second * 1000);
      // The time of the clock on the wall, as if it were UTC.
      const onWall = isUtc ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
      shown = onWall.toISOString().slice(0, 19).replace('T', ' ');
    }
    return `${shown},${String(Math.floor(ms - second * 1000)).padStart(3, '0')}`;
  };
}

function jsonLine({ level, data }: log4js.LoggingEvent, time: Date): string {
  const [message, facts] = data as [string, LogFacts | undefined];
  const own = { time: time.toISOString(), level: level.levelStr, message };
  // First for the order, last so that no fact of the same name takes their place.
  return oneLine(JSON.stringify({ ...own, ...facts, ...own }));
}

function loggerOver(log: log4js.Logger, level: LogLevel, gatherer: Gatherer): Logger {
  return {
    tellsDebug: level === 'debug',
    debug: (message, facts) => log.debug(message, facts),
    info: (message, facts) => log.info(message, facts),
    warn: (message, facts) => log.warn(message, facts),
    error: (message, facts) => log.error(message, facts),
    // An error given here was told before: log4js writes whatever its files meet to standard error.
    close: () => {
      gatherer.flush();
      return new Promise((closed) => log4js.shutdown(() => closed()));
    },
  };
}
