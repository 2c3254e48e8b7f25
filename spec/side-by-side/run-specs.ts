import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { repository } from '../documents/pages.ts';
import { aloneOf, type Batch, besideOf } from './batches.ts';
import { NOTHING, resultOf, sumOf, type Total } from './total.ts';

/** Spec files, and where they are. */
export interface SpecFiles {
  /** An absolute path, or one below the top of the checkout. */
  readonly folder: string;
  /** Below it, joined by `/`. */
  readonly files: Batch;
}

const JASMINE = join(repository, 'node_modules/jasmine/bin/jasmine.js');

// Most specs wait for a socket, a child or a clock as often as they compute.
const AT_A_TIME = 2;

/**
 * Run specs in processes of Jasmine, first those that need to be alone, then the others, two processes at a time.
 *
 * Jasmine's own way, `--parallel`, makes them workers of a cluster, in which two processes that listen on a port of the
 * system's choice share one.
 *
 * @param say gets all that a process wrote when it has ended, above it the words that run these files again
 */
export async function runSpecs({ folder, files }: SpecFiles, say: (text: string) => void): Promise<Total> {
  let total = NOTHING;
  const run = async (batch: Batch) => {
    const paths = batch.map((file) => `${folder}/${file}`);
    const { output, status } = await jasmine(paths);
    const result = resultOf(stripVTControlCharacters(output), status);
    total = sumOf(total, result);
    const end = status === 0 ? '' : `Ended with status ${status}.\n`;
    say(`\nnpm run spec -- ${paths.join(' ')}\n${output}${end}`);
  };
  const alone = aloneOf(files);
  if (alone.length > 0) await run(alone);
  const waiting = [...besideOf(files)];
  const lane = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) await run(batch);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  return total;
}

async function jasmine(paths: readonly string[]): Promise<{ output: string; status: number | null }> {
  const words = [JASMINE, '--config=spec/support/jasmine.json', ...paths];
  const child = spawn(process.execPath, words, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { output, status };
}
