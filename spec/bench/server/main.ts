// The benchmark of servers: npm run bench:server. See docs/benchmarks.md.
//
//   node dist/spec/bench/server/main.js [--only ROW[,ROW...]] [--rounds N]
//
// --only   rows by the beginnings of their names: STOR/large
// --rounds for a quick look: fewer rounds, or more
//
// Without either, docs/benchmarks.md gets what came out.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../../documents/pages.ts';
import { missingForLab } from '../lab/lab.ts';
import { serverSurroundings } from '../machine.ts';
import { putPart } from '../marked-parts.ts';
import { asMarkdown } from '../page.ts';
import { asText, seconds } from '../table.ts';
import { missingForBench, serverNames } from './benched-server.ts';
import { serverRows } from './rows.ts';
import { runServerRow, type ServerRowResult } from './run-row.ts';
import { serverCostsTable, serverTable } from './server-table.ts';

const ROUNDS = 9;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { only: text, rounds: text } });
const wanted = values.only?.split(',');
const rows = serverRows.filter(({ id }) => wanted?.some((name) => id.startsWith(name)) ?? true);
const missing = missingForLab();
if (missing !== undefined) {
  say(missing);
  process.exit(1);
}
if (rows.length === 0) say('there is no such row; docs/benchmarks.md tells their names');
const reasons = serverNames.map((name) => [name, missingForBench(name)] as const);
for (const [name, reason] of reasons) if (reason !== undefined) say(`${name} is left out: ${reason}`);
const servers = reasons.filter(([, reason]) => reason === undefined).map(([name]) => name);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const results: ServerRowResult[] = [];
for (const row of rows) {
  if (stop.signal.aborted) break;
  const result = await runServerRow(row, {
    servers,
    rounds: Number(values.rounds ?? ROUNDS),
    signal: stop.signal,
    onSample: ({ server, seconds: took, serverCpuSeconds, clientsCpuSeconds }) => {
      const cpu = `cpu ${seconds(serverCpuSeconds)} s and ${seconds(clientsCpuSeconds)} s of the clients`;
      say(`${row.id}: ${server} ${seconds(took)} s, ${cpu}`);
    },
  });
  for (const fault of result.faults) say(`${row.id}: WRONG: ${fault}`);
  results.push(result);
}
const tables = [serverTable(results), serverCostsTable(results)];
for (const table of tables) say(`\n${asText(table)}`);
const isWhole = values.only === undefined && values.rounds === undefined && servers.length === serverNames.length;
if (isWhole && !stop.signal.aborted) {
  const page = join(repository, 'docs/benchmarks.md');
  const content = [[['what', 'version'], ...serverSurroundings()], ...tables].map(asMarkdown).join('\n\n');
  writeFileSync(page, putPart(readFileSync(page, 'utf8'), 'server', content, 'bench:server'));
  say('\nwritten into docs/benchmarks.md');
} else {
  say(
    '\nnot written into docs/benchmarks.md: all servers and all rows are needed for that, and nothing that ends it before',
  );
}
process.exitCode = stop.signal.aborted || results.some(({ faults }) => faults.length > 0) ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
