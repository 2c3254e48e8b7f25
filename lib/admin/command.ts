import type { AdminOptionName, AdminValues } from './admin-options.ts';
import type { Desk } from './desk.ts';

/** A word behind the command. */
export interface Positional {
  /** As help shows it: `NAME`. */
  readonly name: string;
  readonly help: string;
}

/** What a command is given. */
export interface Order {
  readonly values: AdminValues;
  /** As many as the command has positionals. */
  readonly words: readonly string[];
}

/** One thing that the administrator can have done. */
export interface AdminCommand {
  /** How it is called: `user add`. */
  readonly words: string;
  /** Another word for the same. */
  readonly aka?: string;
  readonly help: string;
  readonly positionals: readonly Positional[];
  /** The options it takes, beside those that all take. */
  readonly options: readonly AdminOptionName[];
  /**
   * Do it, and show what came of it.
   *
   * @returns the exit status
   * @throws CodedError when it was refused, with nothing done
   */
  readonly run: (desk: Desk, order: Order) => Promise<number>;
}

/** A user's name, as most commands want it. */
export const NAME: Positional = { name: 'NAME', help: 'Name of the user' };
