import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a command ended. */
export interface CommandResult {
  /** In words when it failed: `it ended with status 1`; `undefined` when it went well. */
  readonly failure?: string;
  /** What it wrote to its output; empty when it failed. */
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
export async function runCommand(command: string): Promise<CommandResult> {
  try {
    return await listenTo(spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true }));
  } catch {
    // What the system says would name the command, and the command may hold a secret.
    return { failure: 'it could not be started', output: '' };
  }
}

function listenTo(child: ChildProcessByStdio<null, Readable, null>): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_OUTPUT) child.stdout.destroy();
      else chunks.push(chunk);
    });
    child.once('error', reject);
    child.once('close', (status, signal) => {
      const failure = bytes > MOST_OUTPUT ? 'it wrote more than 64 KiB' : failureOf(status, signal);
      resolve(failure === undefined ? { output: Buffer.concat(chunks).toString('utf8') } : { failure, output: '' });
    });
  });
}

function failureOf(status: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `it was ended by ${signal}`;
  return status === 0 ? undefined : `it ended with status ${status}`;
}
