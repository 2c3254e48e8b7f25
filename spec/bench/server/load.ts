import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repository } from '../../documents/pages.ts';
import type { BenchedServer } from './benched-server.ts';
import type { ServerRow } from './rows.ts';

/** What the clients of one run tell. */
export interface LoadResult {
  /** From the first command of a transfer to the last reply; logins are not in it. */
  readonly seconds: number;
  readonly faults: readonly string[];
}

/**
 * Let clients do what a row says, with one server.
 *
 * @param source a file of as many bytes as each file has
 * @param check the SHA-256 that every download must have; the clients then look at each byte, which costs time
 */
export async function load(
  { verb, clients, files, bytes }: ServerRow,
  { host, port, user, password }: BenchedServer,
  source: string,
  check: string | null = null,
): Promise<LoadResult> {
  const task = { host, port, user, password, verb, clients, files, bytes, source, check };
  const child = spawn('python3', [join(repository, 'spec/bench/server/load.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(task));
  const [output, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (status !== 0) throw new Error(`The clients ended with status ${status}: ${errors}`);
  return JSON.parse(output) as LoadResult;
}
