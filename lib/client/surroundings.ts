import { homedir } from 'node:os';
import { askSecret, type SecretInput } from '../base/ask-secret.ts';
import { runCommand } from '../base/run-command.ts';
import type { StateSurroundings } from '../base/state-directory.ts';
import type { LoginSurroundings } from '../far/find-login.ts';

/** All that the client depends on besides its arguments, the disk and the site. */
export interface Surroundings extends LoginSurroundings, StateSurroundings {
  readonly environment: LoginSurroundings['environment'] & StateSurroundings['environment'];
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  /** Width of the terminal in characters, as it is by now. */
  readonly columns: number;
  /** Does somebody sit there and type? */
  readonly isTyped: boolean;
  /** Is there somebody to look at a line of progress? */
  readonly isWatched: boolean;
}

interface Streams {
  readonly stdin: SecretInput & { readonly isTTY?: boolean };
  readonly stdout: { readonly columns?: number; readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

// A terminal that does not know its width says 0.
const USUAL_COLUMNS = 80;

/** The surroundings of this process. Questions are written to stderr, where they do not end up in a file. */
export function systemSurroundings({ stdin, stdout, stderr }: Streams = process): Surroundings {
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  return {
    environment: process.env,
    platform: process.platform,
    home: homedir(),
    cwd: process.cwd(),
    get columns() {
      return stdout.columns || USUAL_COLUMNS;
    },
    isTyped: stdin.isTTY === true && stdout.isTTY === true,
    isWatched: stderr.isTTY === true,
    runCommand,
    ...(canAsk ? { ask: (question: string) => askSecret(question, stdin, stderr) } : {}),
  };
}
