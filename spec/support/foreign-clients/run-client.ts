import { execFile } from 'node:child_process';
import type { ClientCommand } from './client.ts';

// All of them are told to give up after 20 seconds.
const LONGEST_MS = 40_000;

/**
 * Run a client to its end.
 *
 * @param longestMs how long it may take
 * @throws Error with all that it wrote when it ends with another status than 0
 */
export function runClient(
  { program, args, stdin = '', env = {} }: ClientCommand,
  home: string,
  longestMs = LONGEST_MS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { timeout: longestMs, env: { PATH: process.env['PATH'], HOME: home, LC_ALL: 'C.UTF-8', ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve();
        else reject(new Error(`${program}: ${error.code ?? error.signal}\n${stdout}${stderr}`));
      },
    );
    child.stdin?.on('error', () => undefined).end(stdin);
  });
}
