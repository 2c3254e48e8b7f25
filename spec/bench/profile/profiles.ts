import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../table.ts';
import { type CpuProfile, selfTimes } from './self-times.ts';

const preload = new URL('preload.js', import.meta.url);

/** What the environment of a program of ours has in addition where profiles are wanted: $BENCH_PROFILES is a folder. */
export function profiling(): Readonly<Record<string, string>> {
  const { BENCH_PROFILES: folder } = process.env;
  return folder === undefined ? {} : { NODE_OPTIONS: `--import=${preload}?folder=${encodeURIComponent(folder)}` };
}

/** Have programs of ours leave profiles in an empty folder from now on. */
export function wantProfiles(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env['BENCH_PROFILES'] = folder;
}

/** What is in the profiles of a folder: name of the process and where it spent its time. */
export function readProfiles(folder: string): readonly (readonly [name: string, times: Table])[] {
  return readdirSync(folder).map((name) => [
    name,
    selfTimes(JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile),
  ]);
}
