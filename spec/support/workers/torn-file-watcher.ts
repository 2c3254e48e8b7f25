/*
 * Reads all files below a folder, over and over, until it gets SIGTERM: each must be a whole one of sealed.ts, and never
 * an older one than before. Files under a temporary name are left out. Its argument is the folder; its last line is what it
 * saw, as JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { codeOf } from '../../../lib/base/coded-error.ts';
import { versionOf } from '../faults/sealed.ts';

/** What the watcher saw. */
export interface Watched {
  readonly sweeps: number;
  readonly reads: number;
  /** One line for each time that something was wrong. */
  readonly torn: readonly string[];
}

const [root = ''] = process.argv.slice(2);
const newest = new Map<string, number>();
const torn: string[] = [];
let sweeps = 0;
let reads = 0;
let isOver = false;
process.once('SIGTERM', () => {
  isOver = true;
});

while (!isOver) {
  const begun = performance.now();
  sweep('');
  sweeps += 1;
  // The half of the time: those that are watched need the machine as well.
  await setTimeout(Math.max(20, performance.now() - begun));
}
process.stdout.write(`${JSON.stringify({ sweeps, reads, torn } satisfies Watched)}\n`);

function sweep(folder: string): void {
  for (const entry of orNothing(() => readdirSync(join(root, folder), { withFileTypes: true })) ?? []) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) sweep(path);
    else if (!entry.name.startsWith('.filesmirror-')) look(path);
  }
}

function look(path: string): void {
  const content = orNothing(() => readFileSync(join(root, path)));
  if (!content) return;
  reads += 1;
  const version = versionOf(path, content);
  const before = newest.get(path) ?? 0;
  if (version === undefined) torn.push(`${path}: torn, ${content.length} bytes`);
  else if (version < before) torn.push(`${path}: version ${version} after ${before}`);
  else newest.set(path, version);
}

/** What is there: entries come and go while we look. */
function orNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || codeOf(error) === 'EISDIR') return undefined;
    throw error;
  }
}
