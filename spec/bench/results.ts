import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import type { RowResult } from './sample.ts';

/** The results of earlier runs with the same build, so that a run that was stopped goes on. */
export class Results {
  readonly #file: string | undefined;
  readonly #build: string;
  readonly #rows: Map<string, RowResult>;

  /**
   * @param file where they are kept, or `undefined` for nowhere; those of another build in it are forgotten
   * @param build see {@link currentBuild}
   */
  constructor(file: string | undefined, build: string) {
    this.#file = file;
    this.#build = build;
    const kept = file === undefined ? undefined : read(file);
    this.#rows = new Map(kept?.build === build ? kept.rows.map((row) => [row.id, row]) : []);
  }

  get(id: string): RowResult | undefined {
    return this.#rows.get(id);
  }

  /** Remember a result, in the file as well. */
  add(result: RowResult): void {
    this.#rows.set(result.id, result);
    if (this.#file === undefined) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify({ build: this.#build, rows: [...this.#rows.values()] }));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

interface Kept {
  readonly build: string;
  readonly rows: readonly RowResult[];
}

function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    // Half a file cannot be: it is renamed into its place.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const MEASURED = ['lib', 'bin', 'package-lock.json'];

/** A word for what is measured: the sources of the mirror as they are, committed or not. */
export function currentBuild(repository: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
  const committed = git('rev-parse', ...MEASURED.map((path) => `HEAD:${path}`));
  const changed = git('diff', 'HEAD', '--', ...MEASURED);
  return createHash('sha256').update(committed).update(changed).digest('hex').slice(0, 16);
}
