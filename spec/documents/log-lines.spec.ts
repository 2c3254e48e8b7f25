import { EventEmitter } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { logJobs } from '../../lib/mirror/job-log.ts';
import { describeSummary, Tally } from '../../lib/sync/cycle-summary.ts';
import { describeStep } from '../../lib/sync/messages.ts';
import type { JobKind, TransferEvents, TransferNote } from '../../lib/transfer/progress.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const ROOT = new URL('../../../', import.meta.url);
const KINDS: readonly JobKind[] = ['mkdir', 'rmdir', 'upload', 'download', 'remove'];
const NOTES: readonly TransferNote[] = ['in-place', 'no-hash', 'no-size', 'no-pipeline'];
/** What stands for anything in the fixed beginning of a line. */
const ANYTHING = '…';

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** Up to the first ` : `; what the page writes in capitals may be anything. */
function beginningOf(line: string): string {
  return (line.split(' : ')[0] ?? '').replace(/\b(?:[A-Z]{2,}|N|P|W)\b/g, ANYTHING);
}

/** The first column of each table row that begins with a code span, and the second. */
function rowsOf(page: string): readonly { line: string; level: string }[] {
  return [...page.matchAll(/^\| `([^`]+)` +\| ([a-z]+) +\|/gm)].map(([, line = '', level = '']) => ({ line, level }));
}

/** `warn Left out`: level and beginning of each message that goes to a logger, from the text of a program. */
function loggedIn(source: string): readonly string[] {
  const calls = [...source.matchAll(/logger\.(debug|info|warn|error)\(\s*(['`])((?:(?!\2).)*)\2/gs)];
  return calls
    .map(([, level, , text = '']) => ({ level, text: text.replace(/\$\{[^}]*\}/g, ANYTHING) }))
    .map(({ level, text }) => `${level} ${beginningOf(text)}`)
    .filter((beginning) => /\p{L}{3}/u.test(beginning.slice(beginning.indexOf(' '))));
}

/** Beginnings of all messages in a program, those that other functions put together included. */
function beginningsIn(source: string): readonly string[] {
  const literals = [...source.matchAll(/(['`])((?:(?!['`\n]).)+?) : /g)].map(([, , text = '']) => text);
  return literals
    .filter((text) => /^(?:\p{Lu}|\$)/u.test(text))
    .filter((text) => (text.match(/\$\{/g)?.length ?? 0) === (text.match(/\}/g)?.length ?? 0))
    .map((text) => text.replace(/\$\{[^}]*\}/g, ANYTHING).replace(/\b(?:[A-Z]{2,})\b/g, ANYTHING));
}

/** What logJobs logs of every kind of job, however it ends: `info Folder created`. */
function jobLines(): readonly string[] {
  const events = new EventEmitter<TransferEvents>();
  const logger = recordingLogger();
  logJobs(events, logger, { far: '/far', near: '/near' });
  const error = { code: 'E_LOST', message: 'm', retry: true } as const;
  for (const kind of KINDS) {
    const begun = { job: 1, kind, path: 'p', worker: '1', attempt: 1, at: 0 };
    events.emit('start', begun);
    events.emit('end', { ...begun, bytes: 0, tookMs: 0 });
    events.emit('end', { ...begun, bytes: 0, tookMs: 0, error });
  }
  for (const note of NOTES) events.emit('note', note);
  return logger.lines.map((line) => line.split(' : ')[0] ?? '');
}

/** How a cycle ends that was not stopped, and one that was. */
function summaryLines(): readonly string[] {
  const summary = new Tally(1, 0).summary(0);
  const lines = [summary, { ...summary, notBegun: 1 }].map(describeSummary);
  return lines.map((line) => (line.split(' : ')[0] ?? '').replace(/[\d.]+/g, ANYTHING));
}

describe('docs/reference/log-lines.md', () => {
  const page = read('docs/reference/log-lines.md');
  const rows = rowsOf(page);
  const onPage = rows.map(({ line, level }) => `${level} ${beginningOf(line)}`);
  const files = [
    // The summary is put together from so many parts that only the whole can be compared.
    ...readdirSync(new URL('lib/sync/', ROOT))
      .filter((name) => name !== 'cycle-summary.ts')
      .map((name) => `lib/sync/${name}`),
    'lib/mirror/main.ts',
    'lib/mirror/run-mirror.ts',
    'lib/mirror/server-log.ts',
  ];
  const sources = files.map(read);
  const beginnings = new Set([...sources.flatMap(beginningsIn), ...summaryLines()]);
  const logged = new Set([...sources.flatMap(loggedIn), ...jobLines()]);

  it('has a line once', () => {
    expect([...new Set(onPage)]).toEqual(onPage);
  });

  it('has every line the code logs, at its level', () => {
    expect(logged.size).toBeGreaterThan(20);
    expect([...logged].filter((line) => !onPage.includes(line))).toEqual([]);
  });

  it('has every line that the code puts together elsewhere', () => {
    expect(beginnings.size).toBeGreaterThan(8);
    const lines = new Set(rows.map(({ line }) => beginningOf(line)));
    expect([...beginnings].filter((beginning) => !lines.has(beginning))).toEqual([]);
  });

  it('has no line that the code does not log', () => {
    const levels = ['debug', 'info', 'warn', 'error'];
    const known = new Set([...logged, ...[...beginnings].flatMap((text) => levels.map((level) => `${level} ${text}`))]);
    expect(onPage.filter((line) => !known.has(line))).toEqual([]);
  });

  it('has every step', () => {
    for (const kind of KINDS) {
      const text = describeStep({ kind, path: 'P', size: 1 }).replace('1 B', 'SIZE');
      expect(page).toContain(`| \`${text}\` `);
    }
  });
});
