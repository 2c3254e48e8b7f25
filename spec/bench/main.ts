// The benchmark: npm run bench, npm run bench:full. See docs/benchmarks.md.
//
//   node dist/spec/bench/main.js [--full] [--only ROW[,ROW...]] [--rounds N] [--again] [--profile]
//
// --only    rows by their names, or by the beginnings of them: S1k/vsftpd
// --rounds  for a quick look: fewer rounds, and nothing is remembered
// --again   measure anew what was measured before with this build
// --profile ours alone, once, with a profile of each of its processes that is not killed: where the time goes

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../lib/base/coded-error.ts';
import { repository } from '../documents/pages.ts';
import { modesTable } from './costs-table.ts';
import { readProfiles, wantProfiles } from './profile/profiles.ts';
import { currentBuild, Results } from './results.ts';
import type { Row } from './rows.ts';
import { runRows } from './run-rows.ts';
import type { RowResult } from './sample.ts';
import { soloTables } from './solos.ts';
import { type RowSummary, summarize } from './summary.ts';
import { asText, seconds, type Table, timesTable } from './table.ts';
import { possibleRows, wantedBy } from './wanted.ts';
import { writePages } from './write-pages.ts';

const values = readCommandLine();
const isQuickLook = values.rounds !== undefined || values.profile;
const wanted = wantedBy(values.only?.split(','), values.full);
if (wanted.rows.length + wanted.solos.length === 0) say('there is no such row; docs/benchmarks.md tells their names');
const rows = possibleRows(wanted.rows, say).map(asAsked);
const file = isQuickLook ? undefined : join(repository, '.bench/results.json');
const results = new Results(file, currentBuild(repository));
const isTodo = ({ id }: { readonly id: string }) => values.again || results.get(id) === undefined;
const known = [...rows, ...wanted.solos].filter((one) => !isTodo(one)).length;
if (known > 0) say(`${known} rows were measured before (--again: measure anew)`);

const profiles = join(repository, '.bench/profiles');
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
let failures = 0;
for (const solo of wanted.solos.filter(isTodo)) {
  if (stop.signal.aborted) break;
  say(`${solo.id} ...`);
  try {
    results.add(await solo.measure());
  } catch (error) {
    fail(solo.id, error);
  }
}
if (values.profile) wantProfiles(profiles);
const listener: Parameters<typeof runRows>[1] = {
  sample: (row, { contestant, wallSeconds, cpuSeconds }) =>
    say(`${row.id}: ${contestant} ${seconds(wallSeconds)} s, cpu ${seconds(cpuSeconds)} s`),
  result(row, result) {
    results.add(result);
    for (const fault of result.faults) say(`${row.id}: WRONG: ${fault}`);
  },
  failure: (row, why) => fail(row.id, why),
};
await runRows(rows.filter(isTodo), listener, stop.signal);

const summaries = rows.flatMap((row): RowSummary[] => {
  const result = results.get(row.id);
  return result === undefined ? [] : [summarize(row, result)];
});
const alone = soloTables(
  wanted.solos.flatMap(({ id }): RowResult[] => [results.get(id)].filter((one) => one !== undefined)),
);
for (const table of [timesTable(summaries), modesTable(summaries), alone.scan, alone.cycles]) show(table);
if (values.full && values.only === undefined && !isQuickLook && failures === 0 && !stop.signal.aborted) {
  writePages(summaries, alone);
  say('\nwritten into docs/benchmarks.md');
}
if (values.profile) {
  for (const [name, times] of readProfiles(profiles)) say(`\n${name}\n${asText(times)}`);
}
if (stop.signal.aborted) say('\nstopped; the same command goes on from here');
process.exitCode = failures > 0 || stop.signal.aborted || summaries.some(({ faults }) => faults.length > 0) ? 1 : 0;

function readCommandLine() {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { full: flag, only: text, rounds: text, again: flag, profile: flag } }).values;
  } catch (error) {
    say(messageOf(error));
    process.exit(2);
  }
}

/** A quick look is a row with fewer rounds, or with us alone. */
function asAsked(row: Row): Row {
  if (!isQuickLook) return row;
  return { ...row, rounds: Number(values.rounds ?? 1), ...(values.profile ? { parties: ['ours'] } : {}) };
}

/** What ends because all is stopped has not failed. */
function fail(id: string, why: unknown): void {
  if (stop.signal.aborted) return;
  failures += 1;
  say(`${id}: FAILED: ${messageOf(why)}`);
}

function show(table: Table): void {
  if (table.length > 1) say(`\n${asText(table)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
