import { spawn } from 'node:child_process';

/** How a command ended. */
export interface CommandResult {
  /** In words when it failed: `it ended with status 1`; `undefined` when it went well. */
  readonly failure?: string;
  /** What it wrote to its output. */
  readonly output: string;
}

// A password manager prints a line or a short record; more is not a password.
const MOST_OUTPUT = 65_536;

/**
 * Run a command in the system's shell and take its output as UTF-8.
 *
 * It reads nothing, and what it writes to its error output is thrown away: both could carry a secret to where it is kept.
 * It is never refused: a command that cannot be started, fails, or writes more than 64 KiB is a result with a failure.
 */
export function runCommand(command: string): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_OUTPUT) child.stdout.destroy();
      else chunks.push(chunk);
    });
    child.once('error', () => resolve({ failure: 'it could not be started', output: '' }));
    child.once('close', (status, signal) => {
      const output = Buffer.concat(chunks).toString('utf8');
      if (bytes > MOST_OUTPUT) resolve({ failure: 'it wrote more than 64 KiB', output: '' });
      else if (signal !== null) resolve({ failure: `it was ended by ${signal}`, output });
      else if (status !== 0) resolve({ failure: `it ended with status ${status}`, output });
      else resolve({ output });
    });
  });
}
