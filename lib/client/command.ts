import type { CommandContext } from './command-context.ts';
import type { Word } from './parse-line.ts';

/** The arguments of a command, told apart. */
export interface CommandCall {
  readonly words: readonly Word[];
  /** All that stands behind the name of the command, as it was typed, a pipe included. */
  readonly rest: string;
  /**
   * The options that were given, by their long names; `''` for those without a value, and a line each for one that
   * was given several times.
   */
  readonly options: ReadonlyMap<string, string>;
}

/** An option of a command: `-c`, `--continue`. */
export interface CommandOption {
  readonly name: string;
  readonly letter?: string;
  /** What stands for its value; without it it takes none. */
  readonly placeholder?: string;
  readonly help: string;
}

/** What an argument of a command is, for completion: each entry stands for one argument, the last one for all behind it. */
export type ArgumentKind = 'local' | 'remote' | 'remote-folder' | 'command' | 'bookmark' | 'setting' | 'none';

/** The headings of help and of the reference page, in their order. */
export const families = [
  'Transfers',
  'Names on the site',
  'Looking',
  'This machine',
  'Session',
  'Jobs',
  'Keeping folders equal',
  'Help',
] as const;

/** A command of the client: everything there is to know about it stands here. */
export interface Command {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly family: (typeof families)[number];
  /** Its arguments as help shows them: `FILE [NAME]`; empty where there are none. */
  readonly usage: string;
  /** A sentence without a full stop. */
  readonly help: string;
  readonly options?: readonly CommandOption[];
  /** How many arguments it takes. */
  readonly least?: number;
  readonly most?: number;
  readonly completes?: readonly ArgumentKind[];
  /** Can it be done without a site? */
  readonly needsLogin: boolean;
  /**
   * Options among its arguments are none of ours: `words` for another program, `statement` for another command of ours, to
   * which a pipe belongs as well.
   */
  readonly raw?: 'words' | 'statement';
  /**
   * May its arguments hold a password? Such a line is not remembered, and a list of jobs does not show it. `address`: only
   * where one of them looks like an address with a password in it.
   */
  readonly secrets?: 'address' | 'all';
  readonly run: (context: CommandContext, call: CommandCall) => Promise<void>;
}
