import { createInterface } from 'node:readline';
import { askSecret, type SecretInput } from '../base/ask-secret.ts';
import type { Environment } from '../base/environment-options.ts';
import type { GivenOptions } from '../base/option-table.ts';
import { DATA_VARIABLE } from './admin-options.ts';
import { firstLineOf } from './first-line.ts';

/**
 * Ask for a line.
 *
 * @param known what the tabulator key completes
 * @returns `undefined` when the administrator has gone: Ctrl-C, Ctrl-D
 */
export type Ask = (question: string, known?: readonly string[]) => Promise<string | undefined>;

/** All that the tool depends on besides its arguments and the disk. */
export interface Surroundings {
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Show a line of the result. */
  readonly write: (line: string) => void;
  /** Tell of a problem. */
  readonly tell: (line: string) => void;
  /** Missing where nobody can be asked. */
  readonly ask?: Ask;
  /** The same without showing what is typed. */
  readonly askSecret?: (question: string) => Promise<string | undefined>;
  /** The first line of standard input; `undefined` when there is none. */
  readonly readLine: () => Promise<string | undefined>;
}

/** The streams of a process. */
export interface Streams {
  readonly stdin: SecretInput & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The surroundings of this process. Questions are written to stderr, where they do not end up in a file. */
export function systemSurroundings({ stdin, stdout, stderr }: Streams): Surroundings {
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  const history: string[] = [];
  const asking = {
    ask: (question: string, known: readonly string[] = []) =>
      askLine(question, known, { input: stdin, output: stderr, history }),
    askSecret: (question: string) => askSecret(question, stdin, stderr),
  };
  return {
    environment: process.env,
    platform: process.platform,
    cwd: process.cwd(),
    columns: stdout.columns ?? 80,
    write: (line) => stdout.write(`${line}\n`),
    tell: (line) => stderr.write(`ftp-admin: ${line}\n`),
    readLine: () => firstLineOf(stdin),
    ...(canAsk ? asking : {}),
  };
}

/** What the environment says of the options: where the data folder is, as the server is told it, and nothing else. */
export function givenIn(environment: Environment): GivenOptions {
  const folder = environment[DATA_VARIABLE];
  return new Map(folder ? [['data', { label: DATA_VARIABLE, texts: [folder] }]] : []);
}

// An interface for each question: between two of them the input belongs to those who ask for secrets.
function askLine(
  question: string,
  known: readonly string[],
  streams: { readonly input: SecretInput; readonly output: NodeJS.WritableStream; readonly history: string[] },
): Promise<string | undefined> {
  const completer = (line: string): [string[], string] => [known.filter((word) => word.startsWith(line)), line];
  const asked = createInterface({ ...streams, completer, terminal: true, removeHistoryDuplicates: true });
  return new Promise((resolve) => {
    asked.on('history', (lines: string[]) => streams.history.splice(0, streams.history.length, ...lines));
    // Ctrl-C as well: without a listener for it the interface closes.
    const leave = () => {
      streams.output.write('\n');
      resolve(undefined);
    };
    asked.once('close', leave);
    asked.question(question, (line) => {
      asked.off('close', leave).close();
      resolve(line);
    });
  });
}
