import { fileURLToPath } from 'node:url';
import { forgetPeak, peakMemoryOf } from './processes.ts';
import { programs } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('./workers/served-folder.js', import.meta.url));

/** Our own server in a process that does nothing else, so that its memory can be looked at. */
export interface ServerApart {
  readonly port: number;
  /** What its user, someone with the password `a secret`, sees as `/`. */
  readonly home: string;
  /** From now on the memory that it holds is what it has grown from: the heap of Node grows with the first work. */
  settle(): void;
  /** How much more memory than then, or at the start, it has ever held, in bytes. */
  grownBytes(): number;
}

/** Servers for the specs of the enclosing `describe`, ended after each. @returns a function that starts one */
export function serverApart(): () => Promise<ServerApart> {
  const folder = temporaryFolder();
  const run = programs();
  return async () => {
    const program = run(PROGRAM, { args: ['0', folder()], env: { NODE_V8_COVERAGE: undefined } });
    const [, port] = await program.waitForLine(/^listening ([0-9]+)$/);
    let before = 0;
    const settle = () => {
      forgetPeak(program.pid);
      before = peakMemoryOf(program.pid);
    };
    settle();
    return { port: Number(port), home: folder(), settle, grownBytes: () => peakMemoryOf(program.pid) - before };
  };
}
