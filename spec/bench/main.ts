// The benchmark: npm run bench, npm run bench:full. See docs/benchmarks.md.
//
//   node dist/spec/bench/main.js [--full] [--only ROW[,ROW...]] [--rounds N] [--again]
//
// --only    rows by their names, or by the beginnings of them: S1k/vsftpd
// --rounds  for a quick look: fewer rounds, and nothing is remembered
// --again   measure anew what was measured before with this build

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../documents/pages.ts';
import { missingServer, serverKinds } from '../support/foreign-server.ts';
import { missingForDelay, missingForLab } from './lab/lab.ts';
import { currentBuild, Results } from './results.ts';
import { type Row, rows, shortRows } from './rows.ts';
import { runRows } from './run-rows.ts';
import { type RowSummary, summarize } from './summary.ts';
import { asText, seconds, timesTable } from './table.ts';
import { writePages } from './write-pages.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    again: { type: 'boolean' },
  },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const wanted = chosen(values.only?.split(',')).map((row) => (rounds === undefined ? row : { ...row, rounds }));
const possible = wanted.filter(whatIsHere());
const file = rounds === undefined ? join(repository, '.bench/results.json') : undefined;
const results = new Results(file, currentBuild(repository));
const todo = possible.filter(({ id }) => values.again || results.get(id) === undefined);
if (todo.length < possible.length)
  say(`${possible.length - todo.length} rows were measured before (--again: measure anew)`);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
let failures = 0;
await runRows(
  todo,
  {
    sample: (row, { contestant, wallSeconds, cpuSeconds }) =>
      say(`${row.id}: ${contestant} ${seconds(wallSeconds)} s, cpu ${seconds(cpuSeconds)} s`),
    result(row, result) {
      results.add(result);
      for (const fault of result.faults) say(`${row.id}: WRONG: ${fault}`);
    },
    failure(row, why) {
      if (stop.signal.aborted) return;
      failures += 1;
      say(`${row.id}: FAILED: ${why}`);
    },
  },
  stop.signal,
);

const summaries = possible.flatMap((row): RowSummary[] => {
  const result = results.get(row.id);
  return result === undefined ? [] : [summarize(row, result)];
});
say(`\n${asText(timesTable(summaries))}`);
if (values.full && values.only === undefined && file && failures === 0 && !stop.signal.aborted) {
  writePages(summaries, {});
  say('\nwritten into docs/benchmarks.md');
}
if (stop.signal.aborted) say('\nstopped; the same command goes on from here');
process.exitCode = failures > 0 || stop.signal.aborted || summaries.some(({ faults }) => faults.length > 0) ? 1 : 0;

/** Rows by the beginning of their names; all of them, or the short ones. */
function chosen(only: readonly string[] | undefined): readonly Row[] {
  if (only === undefined) return rows.filter(({ id }) => values.full || shortRows.includes(id));
  const found = rows.filter(({ id }) => only.some((name) => id === name || id.startsWith(`${name}/`)));
  if (found.length === 0) say(`there is no such row; there are ${rows.map(({ id }) => id).join(', ')}`);
  return found;
}

/** What is missing is told in one line each. */
function whatIsHere(): (row: Row) => boolean {
  const lost = new Map<string, string | undefined>([
    ['lab', missingForLab()],
    ['delay', missingForDelay()],
    ...serverKinds.map((kind) => [kind, missingServer(kind)] as const),
  ]);
  const needs = ({ server, roundTripMs }: Row) => ['lab', ...(roundTripMs > 0 ? ['delay'] : []), server];
  const missing = [...new Set(wanted.flatMap(needs))].filter((name) => lost.get(name) !== undefined);
  for (const name of missing) say(`some rows are left out: ${lost.get(name)}`);
  return (row) => !needs(row).some((name) => missing.includes(name));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
