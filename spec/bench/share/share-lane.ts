import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inOwnNetwork } from '../lab/lab.ts';
import type { ContestantName } from './contestant.ts';
import type { SceneName } from './rows.ts';
import type { Figures } from './stage.ts';

/** A scene that one program has to play. */
export interface ShareTask {
  readonly contestant: ContestantName;
  readonly scene: SceneName;
  /** For all that it leaves behind; made by it. */
  readonly folder: string;
  /** The paths of what is sent. */
  readonly sources: readonly string[];
  readonly changes: number;
  /** So much memory is warmed before. */
  readonly warmBytes: number;
}

/** What its process writes. */
export type ShareMessage =
  | { readonly row: string; readonly figures: Figures }
  /** It has ended: well, or with this. */
  | { readonly failure?: string | undefined };

const PROGRAM = fileURLToPath(new URL('share-process.js', import.meta.url));

/**
 * Have a scene played, in a process and a network of its own: nobody else's bytes are counted, and nothing is left behind there.
 *
 * @param signal ends it, with all it has started
 * @returns what went wrong, or `undefined`
 */
export async function playScene(
  task: ShareTask,
  tell: (row: string, figures: Figures) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [program, ...args] = [...inOwnNetwork, process.execPath, PROGRAM, JSON.stringify(task)];
  // Its input is what it lives on: it ends also when this process is killed.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const end = () => child.stdin.end();
  signal.addEventListener('abort', end);
  let failure: string | undefined = 'its process has ended';
  try {
    for await (const line of createInterface(child.stdout)) {
      const message = JSON.parse(line) as ShareMessage;
      if ('row' in message) tell(message.row, message.figures);
      else failure = message.failure;
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
  return failure;
}
