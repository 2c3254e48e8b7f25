import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../lib/base/coded-error.ts';
import type { ServerName } from './benched-server.ts';
import type { Turn } from './measured-server.ts';
import type { ServerRow } from './rows.ts';
import { ServerLane } from './server-lane.ts';

/** One run. */
export interface ServerSample extends Omit<Turn, 'faults'> {
  readonly server: ServerName;
}

/** What came out of a row. */
export interface ServerRowResult {
  readonly row: ServerRow;
  readonly samples: readonly ServerSample[];
  /** What was wrong: one line each. Figures of a row with faults mean nothing. */
  readonly faults: readonly string[];
}

/** How a row is run. */
export interface RunOptions {
  readonly servers: readonly ServerName[];
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onSample: (sample: ServerSample) => void;
}

// The disk is not what is measured.
const MEMORY = '/dev/shm';
// The rest of a thousand would say no more.
const TOLD_FAULTS = 3;

/** Let all servers do the work of a row, one after the other, round after round, each of them warm and in a network of its own. */
export async function runServerRow(row: ServerRow, options: RunOptions): Promise<ServerRowResult> {
  const folder = mkdtempSync(join(MEMORY, 'filesmirror-bench-'));
  // The servers pass through it with the rights of another account.
  chmodSync(folder, 0o755);
  const source = join(folder, 'source');
  const content = randomBytes(row.bytes);
  writeFileSync(source, content);
  const check = createHash('sha256').update(content).digest('hex');
  const lanes = new Map<ServerName, ServerLane>();
  const samples: ServerSample[] = [];
  const faults: string[] = [];
  let current: ServerName | undefined;
  const fault = (text: string) => void faults.push(`${current}: ${text}`);
  try {
    for (current of options.servers) {
      if (options.signal.aborted) break;
      const task = { row, server: current, folder: join(folder, current.replace(' ', '-')), source, check };
      const { lane, faults: early } = await ServerLane.open(task);
      lanes.set(current, lane);
      early.slice(0, TOLD_FAULTS).forEach(fault);
    }
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const [server, lane] of lanes) {
        if (options.signal.aborted) break;
        current = server;
        const { faults: wrong, ...measured } = await lane.turn();
        wrong.slice(0, TOLD_FAULTS).forEach(fault);
        const sample = { server, ...measured };
        samples.push(sample);
        options.onSample(sample);
      }
    }
  } catch (error) {
    fault(messageOf(error));
  } finally {
    await Promise.all([...lanes.values()].map((lane) => lane.close()));
    rmSync(folder, { recursive: true, force: true });
  }
  return { row, samples, faults };
}
