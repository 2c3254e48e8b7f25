import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from './near-folder.ts';

/** How the mirror is run. */
export interface MirrorRun {
  readonly args: readonly string[];
  readonly password: string;
  /** Ends the mirror early. */
  readonly signal: AbortSignal;
}

/**
 * Run `bin/mirror.js` as a user would, a program of its own, and wait until it and its children have ended.
 *
 * @returns what its cycle did, in its own words: `2 folders created, 5 files sent (1.5 KiB)`
 * @throws Error when it ends with another status than 0; the reason of the signal
 */
export async function runMirror({ args, password, signal }: MirrorRun): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(packageRoot, 'bin', 'mirror.js'), ...args], {
    env: { ...withoutOptions(process.env), FTP_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  // Not `exit`: the children hold the streams, so that these close behind the last of them.
  const [status] = await once(child, 'close');
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (status !== 0) throw new Error(`the mirror ended with status ${status}: ${lastLine(output)}`);
  return /"message":"Cycle \d+ done in [\d.]+ s : ([^"]*)"/.exec(output)?.[1] ?? lastLine(output);
}

/** Variables that stand for options of the mirror would make it another demo on each machine. */
function withoutOptions(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('FILESMIRROR_')));
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? '';
}
