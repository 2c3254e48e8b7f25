import { readCommandLine, settleOptions } from '../base/command-line.ts';
import { type Fault, fault } from '../base/fault.ts';
import type { GivenOptions } from '../base/option-table.ts';
import { type AdminOptionName, type AdminValues, adminOptions } from './admin-options.ts';
import type { AdminCommand, Order } from './command.ts';
import { findCommand } from './command-table.ts';

/** What the words of a command line ask for, before anybody has logged in. */
export interface ReadOrder {
  readonly values: AdminValues;
  /** Missing when no command was named, and when it is unknown. */
  readonly command?: AdminCommand;
  /** The words behind the command. */
  readonly words: Order['words'];
  readonly faults: readonly Fault[];
}

/** The options that go with every command. */
const EVERYWHERE: readonly AdminOptionName[] = ['data', 'admin', 'admin-password-file', 'json', 'help', 'version'];

/**
 * Read and check the words of a command line; all faults are told at once.
 *
 * @param surrounding what the environment says
 */
export function readOrder(words: readonly string[], surrounding: GivenOptions = new Map()): ReadOrder {
  const line = readCommandLine(adminOptions, words);
  const { values, faults } = settleOptions(adminOptions, { arguments: line.given, environment: surrounding });
  const told = { values, words: [], faults: [...line.faults, ...faults] };
  // Behind an unknown option the words may be shifted: that option is fault enough.
  if (!line.certain || line.positionals.length === 0) return told;
  const found = findCommand(line.positionals);
  if ('unknown' in found) return { ...told, faults: [...told.faults, fault('command', found.rule, found.unknown)] };
  const { command, rest } = found;
  return {
    values,
    command,
    words: rest,
    faults: [...told.faults, ...strangers(command, line.given), ...countFaults(command, rest)],
  };
}

function strangers({ words, options }: AdminCommand, given: GivenOptions): readonly Fault[] {
  const known: readonly string[] = [...EVERYWHERE, ...options];
  return [...given.keys()]
    .filter((name) => !known.includes(name))
    .map((name) => fault(`--${name}`, `is no option of ${words}`));
}

function countFaults({ words, positionals }: AdminCommand, rest: readonly string[]): readonly Fault[] {
  const missing = positionals.slice(rest.length).map(({ name }) => fault(name, `is missing behind ${words}`));
  const extra = rest.slice(positionals.length).map((word) => fault(words, 'takes no more words', word));
  return [...missing, ...extra];
}
