import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Measure in a process of its own, where no other object is on the heap and no other work has warmed the code.
 *
 * @param name of a program in `spec/support/workers/` that prints its figures as JSON
 * @param args what it takes
 * @param flags for Node
 */
export async function runMeasurer<Figures>(
  name: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<Figures> {
  const script = fileURLToPath(new URL(`./workers/${name}.js`, import.meta.url));
  // To measure the coverage takes memory of its own.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...flags, script, ...args], { env });
  return JSON.parse(stdout) as Figures;
}
