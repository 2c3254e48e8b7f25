import { cpSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ended, RunningProgram, RunOptions } from '../support/run-program.ts';
import { type Flaw, rowOf } from './flaws.ts';

// What is run is a copy in truth: Node takes a linked file for the one it leads to, and that one's neighbours with it.
const COPIED = ['bin', 'dist/lib', 'dist/spec', 'package.json'];
const LINKED = ['docs', 'node_modules', 'spec'];
const JASMINE = 'node_modules/jasmine/bin/jasmine.js';
const PATIENCE = 'dist/spec/support/patience.js';
// What is broken may be waited for in vain.
const LITTLE_PATIENCE = 'jasmine.DEFAULT_TIMEOUT_INTERVAL = 15_000;\n';

/** The compiled package with its specs in a folder of its own, where it may be broken. */
export class BrokenCopy {
  readonly #folder: string;
  readonly #run: (script: string, options: RunOptions) => RunningProgram;

  /**
   * @param folder that is empty
   * @param run starts a program, and ends it with the spec
   */
  constructor(folder: string, run: (script: string, options: RunOptions) => RunningProgram) {
    this.#folder = folder;
    this.#run = run;
    const isNeeded = (path: string) => !/\.(d\.ts|map)$/.test(path);
    for (const path of COPIED) cpSync(path, join(folder, path), { recursive: true, filter: isNeeded });
    for (const path of LINKED) symlinkSync(realpathSync(path), join(folder, path));
  }

  /** Run the specs that have to find a flaw, where there is none. @returns what is wrong, `undefined` for nothing */
  async whole(flaw: Flaw): Promise<string | undefined> {
    const { status, stdout, stderr } = await this.#specs(flaw);
    const [, count = '0'] = /^(\d+) specs?, 0 failures$/m.exec(stdout) ?? [];
    return status === 0 && Number(count) > 0 ? undefined : `${rowOf(flaw)} does not pass:\n${stdout}${stderr}`;
  }

  /** Run them with the flaw. @returns what is wrong, `undefined` when they fail */
  async broken(flaw: Flaw): Promise<string | undefined> {
    const restore = [
      this.#change(join('dist/lib', flaw.file), (text) => withFlaw(text, flaw)),
      this.#change(PATIENCE, () => LITTLE_PATIENCE),
    ];
    try {
      const { status, stdout, stderr } = await this.#specs(flaw);
      const failed = [...stdout.matchAll(/^\d+\) (.*)$/gm)].map(([, name = '']) => name);
      const isFound = status !== 0 && failed.some((name) => name.includes(flaw.title));
      return isFound ? undefined : `${rowOf(flaw)} passes though the program ${flaw.does}:\n${stdout}${stderr}`;
    } finally {
      for (const back of restore) back();
    }
  }

  /** @returns what puts the file back as it was */
  #change(path: string, change: (text: string) => string): () => void {
    const file = join(this.#folder, path);
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, change(before));
    return () => writeFileSync(file, before);
  }

  #specs({ spec, title }: Flaw): Promise<Ended> {
    const args = ['--config=spec/support/jasmine.json', `dist/spec/${spec}`, `--filter=${title}`];
    return this.#run(JASMINE, { args, cwd: this.#folder, env: { NODE_V8_COVERAGE: undefined, NO_COLOR: '1' } }).ended;
  }
}

/** A text with a flaw in it. @throws Error when it does not hold exactly once what is to be broken */
export function withFlaw(text: string, { file, text: sound, becomes }: Flaw): string {
  const parts = text.split(sound);
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times instead of once: ${sound}`);
  return parts.join(becomes);
}
