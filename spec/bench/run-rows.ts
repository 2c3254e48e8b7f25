import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inOwnNetwork } from './lab/lab.ts';
import type { Row } from './rows.ts';
import type { RowResult, Sample } from './sample.ts';

const PROGRAM = fileURLToPath(new URL('row-process.js', import.meta.url));
// Rows that mostly wait for the line leave the processors to each other.
const AT_ONCE = 3;

/** Who is told of what happens. */
export interface RowsListener {
  sample(row: Row, sample: Sample): void;
  result(row: Row, result: RowResult): void;
  /** A row could not be run. */
  failure(row: Row, why: string): void;
}

/** Run rows, each in a process and a network of its own: those that need the processors alone, the others beside each other. */
export async function runRows(rows: readonly Row[], listener: RowsListener, signal: AbortSignal): Promise<void> {
  for (const row of rows.filter((candidate) => !mostlyWaits(candidate))) await runInProcess(row, listener, signal);
  const waiting = rows.filter(mostlyWaits).sort((a, b) => patience(b) - patience(a));
  const queue = waiting.values();
  const lane = async () => {
    for (const row of queue) await runInProcess(row, listener, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Large files fill the line, and who does that does not wait. */
function mostlyWaits({ roundTripMs, tree }: Pick<Row, 'roundTripMs' | 'tree'>): boolean {
  return roundTripMs > 0 && tree !== 'L';
}

/** Those that take longest begin first, so that none is left alone at the end. */
function patience({ roundTripMs, connections }: Row): number {
  return roundTripMs / connections;
}

type Message =
  | { readonly sample: Sample }
  | { readonly result: RowResult }
  | { readonly failure: string }
  | Record<string, never>;

async function runInProcess(row: Row, listener: RowsListener, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const [program, ...args] = [...inOwnNetwork, process.execPath, PROGRAM, JSON.stringify(row)];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  // It ends, and takes all it has started with it, when its input does: also when this process is killed.
  const stop = () => child.stdin.end();
  signal.addEventListener('abort', stop);
  const closed = once(child, 'close');
  let isTold = false;
  for await (const line of createInterface(child.stdout)) {
    const message = JSON.parse(line) as Message;
    isTold ||= 'result' in message || 'failure' in message;
    if ('sample' in message) listener.sample(row, message.sample);
    if ('result' in message) listener.result(row, message.result);
    if ('failure' in message) listener.failure(row, message.failure);
  }
  const [status] = (await closed) as [number | null];
  signal.removeEventListener('abort', stop);
  if (!isTold) listener.failure(row, `its process ended with status ${status}`);
}
