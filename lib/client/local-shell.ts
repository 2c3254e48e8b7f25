import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ClientError } from './client-error.ts';

/** The environment of a command of the local shell: no secret of ours may be seen there. */
function shellEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => name !== 'FTP_PASSWORD' && !name.startsWith('MINIFTP_')),
  );
}

/** Run a command in the user's shell, with the terminal; an empty one is the shell itself. @throws ClientError E_SHELL */
export async function runInShell(command: string, folder: string): Promise<void> {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const options = { cwd: folder, env: shellEnvironment(process.env), stdio: 'inherit' } as const;
  await ended(command === '' ? spawn(shell, options) : spawn(command, { ...options, shell: true }), command);
}

/** A command of the local shell that is given content. */
export class Pipe {
  readonly #child: ChildProcess;
  readonly #command: string;
  readonly #ended: Promise<void>;
  #isOpen = true;

  constructor(command: string, folder: string) {
    this.#command = command;
    const env = shellEnvironment(process.env);
    this.#child = spawn(command, { cwd: folder, env, shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
    // Whoever has seen enough goes away, as head does: nothing more is for it then.
    this.#child.stdin?.on('error', () => {
      this.#isOpen = false;
    });
    this.#ended = ended(this.#child, this.#command);
    this.#ended.catch(() => undefined);
  }

  /** Does it still take content? */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Fulfilled when there is room for more. */
  async write(pieces: readonly (Buffer | string)[]): Promise<void> {
    const { stdin } = this.#child;
    for (const piece of pieces) {
      if (!this.#isOpen || !stdin || stdin.write(piece)) continue;
      await Promise.race([once(stdin, 'drain'), this.#ended]).catch(() => undefined);
    }
  }

  /** There is nothing more. @throws ClientError E_SHELL when the command failed */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}

async function ended(child: ChildProcess, command: string): Promise<void> {
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (status === 0) return;
  const how = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
  throw new ClientError('E_SHELL', `The local command ${command === '' ? 'shell' : command} ${how}`);
}
