import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { exitStatus } from '../base/exit-status.ts';
import { ClientError } from './client-error.ts';

/** The environment of a command of the local shell: no secret of ours may be seen there. */
function shellEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name !== 'FTP_PASSWORD' && !name.startsWith('MINIFTP_')),
  );
}

/**
 * Run a command in the user's shell, with the terminal; an empty one is the shell itself.
 *
 * @param signal ends it
 * @throws ClientError E_SHELL, E_INTERRUPTED
 */
export async function runInShell(command: string, folder: string, signal: AbortSignal): Promise<void> {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const options = { cwd: folder, env: shellEnvironment(process.env), stdio: 'inherit' } as const;
  const child = command === '' ? spawn(shell, options) : spawn(command, { ...options, shell: true });
  const end = () => void child.kill();
  signal.addEventListener('abort', end);
  try {
    await ended(child, command);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** A command of the local shell that is given content. */
export class Pipe {
  readonly #child: ChildProcess;
  readonly #command: string;
  readonly #ended: Promise<void>;

  constructor(command: string, folder: string) {
    this.#command = command;
    const env = shellEnvironment(process.env);
    this.#child = spawn(command, { cwd: folder, env, shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
    // Whoever has seen enough goes away, as head does.
    this.#child.stdin?.on('error', () => undefined);
    this.#ended = ended(this.#child, this.#command);
    this.#ended.catch(() => undefined);
  }

  /** Fulfilled when there is room for more. @returns does it still take content? */
  async write(pieces: readonly (Buffer | string)[]): Promise<boolean> {
    const { stdin } = this.#child;
    for (const piece of pieces) if (stdin?.writable) await written(stdin, piece);
    // It is closed without an error, too, when its reader ends.
    return stdin?.writable ?? false;
  }

  /** There is nothing more. @throws ClientError E_SHELL, E_INTERRUPTED when the command failed */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}

/** Write to somebody who may go away. Fulfilled also when it fails, which the stream tells as an event. */
export function written(stream: NodeJS.WritableStream, piece: Buffer | string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(piece, () => resolve());
  });
}

async function ended(child: ChildProcess, command: string): Promise<void> {
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (status === 0) return;
  // Ctrl-C ended it, and with it what was to come behind it; a shell tells that by its status.
  if (signal === 'SIGINT' || status === exitStatus.interrupted) throw new ClientError('E_INTERRUPTED', 'Interrupted');
  const how = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
  throw new ClientError('E_SHELL', `The local command ${command === '' ? 'shell' : command} ${how}`);
}
