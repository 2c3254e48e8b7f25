// Runs one row, in the network that it was started in. The row is its argument, as JSON; each line that it writes is an
// object: `{ "sample": ... }` for each run, and at last `{ "result": ... }` or `{ "failure": "..." }`.
//
//   unshare --net node row-process.js ROW
//
// It ends when its standard input does: then nobody waits for it any more.

import { messageOf } from '../../lib/base/coded-error.ts';
import type { Row } from './rows.ts';
import { runRow } from './run-row.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(new Error(`${signal} came`)));
process.stdin.on('end', () => stop.abort(new Error('nobody waits for it'))).resume();

const tell = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const row = JSON.parse(process.argv[2] ?? '') as Row;
  tell({ result: await runRow(row, stop.signal, (sample) => tell({ sample })) });
} catch (error) {
  tell({ failure: messageOf(error) });
}
process.stdin.destroy();
