import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../lib/base/coded-error.ts';
import { type BenchedServer, type ServerName, starters } from './benched-server.ts';
import { load } from './load.ts';
import type { ServerRow } from './rows.ts';

/** One run. */
export interface ServerSample {
  readonly server: ServerName;
  readonly seconds: number;
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

/**
 * Let all servers do the work of a row, one after the other, round after round.
 *
 * Before the first round each of them does it once untimed. What was stored is compared after each run by size, and one file
 * byte by byte; what is sent is compared before the first round, and counted in each.
 */
export async function runServerRow(row: ServerRow, options: RunOptions): Promise<ServerRowResult> {
  const folder = mkdtempSync(join(MEMORY, 'filesmirror-bench-'));
  // The servers pass through it with the rights of another account.
  chmodSync(folder, 0o755);
  const source = join(folder, 'source');
  const content = randomBytes(row.bytes);
  writeFileSync(source, content);
  const check = createHash('sha256').update(content).digest('hex');
  const running = new Map<ServerName, BenchedServer>();
  const samples: ServerSample[] = [];
  const faults: string[] = [];
  try {
    for (const name of options.servers) {
      const place = join(folder, name.replace(' ', '-'));
      mkdirSync(place, { mode: 0o755 });
      const server = await starters[name]({ folder: place, source });
      running.set(name, server);
      if (row.verb === 'RETR') offer(row, server, source);
      faults.push(...(await load(row, server, source, check)).faults.map(at(name)));
    }
    for (let round = 1; round <= options.rounds && !options.signal.aborted; round += 1) {
      for (const [name, server] of running) {
        if (row.verb === 'STOR') clear(server);
        const result = await load(row, server, source);
        const wrong = [...result.faults, ...(row.verb === 'STOR' ? faultsOf(row, server, content) : [])];
        faults.push(...wrong.slice(0, 3).map(at(name)));
        const sample = { server: name, seconds: result.seconds };
        samples.push(sample);
        options.onSample(sample);
      }
    }
  } catch (error) {
    faults.push(messageOf(error));
  } finally {
    await Promise.all([...running.values()].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
  return { row, samples, faults };
}

function at(name: ServerName): (fault: string) => string {
  return (fault) => `${name}: ${fault}`;
}

/** All files are one file, under many names. */
function offer(row: ServerRow, { dataFolder }: BenchedServer, source: string): void {
  if (dataFolder === undefined) return;
  const [first = '', ...rest] = namesOf(row).map((name) => join(dataFolder, name));
  copyFileSync(source, first);
  for (const path of rest) linkSync(first, path);
}

function clear({ dataFolder }: BenchedServer): void {
  if (dataFolder === undefined) return;
  for (const name of readdirSync(dataFolder)) rmSync(join(dataFolder, name));
}

function faultsOf(row: ServerRow, { dataFolder }: BenchedServer, content: Buffer): readonly string[] {
  if (dataFolder === undefined) return [];
  const names = namesOf(row);
  const there = new Set(readdirSync(dataFolder));
  const missing = names.filter((name) => !there.has(name)).map((name) => `${name} is missing`);
  if (missing.length > 0) return missing;
  const wrong = names.filter((name) => statSync(join(dataFolder, name)).size !== row.bytes);
  const last = names.at(-1) ?? '';
  const isSame = readFileSync(join(dataFolder, last)).equals(content);
  return [...wrong.map((name) => `${name} has another size`), ...(isSame ? [] : [`${last} has another content`])];
}

/** As the clients name them: client and file, counted from 0. */
function namesOf({ clients, files }: ServerRow): readonly string[] {
  return Array.from({ length: clients * files }, (_, index) => `f${Math.floor(index / files)}-${index % files}`);
}
