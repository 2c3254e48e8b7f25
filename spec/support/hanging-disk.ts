import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * The environment of a program for which reading files in the background never ends: it writes `hangs`, and a thread of it stays
 * in a call of the system that nobody answers.
 *
 * @param folder gets a pipe that nobody writes into
 */
export function hangingDisk(folder: string): Readonly<Record<string, string>> {
  const pipe = join(folder, 'never');
  execFileSync('mkfifo', [pipe]);
  const hang = `import fs from 'node:fs';
    import promises from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const hang = () => { console.log('hangs'); fs.open(${JSON.stringify(pipe)}, 'r', () => {}); };
    fs.read = hang;
    promises.open = () => { hang(); return new Promise(() => {}); };
    syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}` };
}
