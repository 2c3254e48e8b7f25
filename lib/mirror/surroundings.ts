import { availableParallelism, homedir } from 'node:os';
import { askSecret, type SecretInput } from '../base/ask-secret.ts';
import type { Environment } from '../base/environment-options.ts';
import { type CommandResult, runCommand } from '../base/run-command.ts';
import type { SiteAddress } from '../ftp/site-parts.ts';

/** The environment with the variables that the mirror reads besides those of its options. */
export type MirrorEnvironment = Environment & {
  readonly FTP_PASSWORD?: string | undefined;
  /** See the XDG Base Directory Specification. */
  readonly XDG_STATE_HOME?: string | undefined;
  /** Where Windows keeps what belongs to one user of one machine. */
  readonly LOCALAPPDATA?: string | undefined;
};

/** All that the parameters depend on besides the arguments and the disk. */
export interface Surroundings {
  readonly environment: MirrorEnvironment;
  readonly platform: NodeJS.Platform;
  /** The user's own folder, absolute. */
  readonly home: string;
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  /** Processors this process may use. */
  readonly cores: number;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Is there somebody to look at a line of progress? */
  readonly stderrIsTerminal: boolean;
  /**
   * Ask for a secret; missing where nobody can be asked.
   *
   * @returns `undefined` when the answer was refused
   */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Run a command in a shell. */
  readonly runCommand: (command: string) => Promise<CommandResult>;
  /** Is there a journal of this pair, so that a missing folder is a lost one and not a mistyped one? */
  readonly hasJournal: (pair: Pair) => Promise<boolean>;
}

/** Which journal: far folder, local folder, and the folder of the journals. */
export interface Pair {
  readonly site: SiteAddress;
  /** Absolute, links resolved as far as the folder exists. */
  readonly localDirectory: string;
  readonly stateDirectory: string;
}

/** The streams of a process, as far as they tell whether somebody sits at a terminal. */
export interface TerminalStreams {
  readonly stdin: SecretInput & { readonly isTTY?: boolean };
  readonly stdout: { readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * The surroundings of this process. Questions are written to stderr, where they do not end up in a file.
 *
 * @param hasJournal see {@link Surroundings.hasJournal}
 */
export function systemSurroundings(
  hasJournal: Surroundings['hasJournal'],
  { stdin, stdout, stderr }: TerminalStreams = process,
): Surroundings {
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  return {
    environment: process.env,
    platform: process.platform,
    home: homedir(),
    cwd: process.cwd(),
    cores: availableParallelism(),
    columns: stdout.columns ?? 80,
    stderrIsTerminal: stderr.isTTY === true,
    runCommand,
    hasJournal,
    ...(canAsk ? { ask: (question: string) => askSecret(question, stdin, stderr) } : {}),
  };
}
