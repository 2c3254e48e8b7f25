import { didYouMean } from '../base/nearest.ts';
import type { AdminCommand } from './command.ts';
import { administratorCommands } from './commands/administrator.ts';
import { careCommands } from './commands/care.ts';
import { serverCommands } from './commands/server.ts';
import { userCommands } from './commands/users.ts';

/** All commands in the order in which help shows them; parsing, help, the menu and the reference page follow from it. */
export const commandTable: readonly AdminCommand[] = [
  ...userCommands,
  ...administratorCommands,
  ...serverCommands,
  ...careCommands,
];

/** A command found at the beginning of some words. */
export type FoundCommand =
  | { readonly command: AdminCommand; readonly rest: readonly string[] }
  /** What is wrong, in words that go on after the value. */
  | { readonly unknown: string; readonly rule: string };

/** Which command do these words begin with? */
export function findCommand(words: readonly string[]): FoundCommand {
  const [first = '', second] = words;
  const pair = `${first} ${second}`;
  for (const command of commandTable) {
    if (command.words === first || command.aka === first) return { command, rest: words.slice(1) };
    if (command.words === pair) return { command, rest: words.slice(2) };
  }
  const family = commandTable.filter((command) => command.words.startsWith(`${first} `));
  if (family.length === 0) return { unknown: first, rule: `unknown command${didYouMean(first, firstWords())}` };
  const seconds = family.map((command) => command.words.slice(first.length + 1));
  if (second === undefined) return { unknown: first, rule: `needs one more word: ${seconds.join(', ')}` };
  return { unknown: pair, rule: `unknown command${didYouMean(second, seconds, `${first} `)}` };
}

function firstWords(): ReadonlySet<string> {
  return new Set(commandTable.flatMap(({ words, aka }) => [words.split(' ')[0] ?? '', ...(aka ? [aka] : [])]));
}
