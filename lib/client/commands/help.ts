import { wrap } from '../../base/help-text.ts';
import { didYouMean } from '../../base/nearest.ts';
import { ClientError } from '../client-error.ts';
import { type Command, families } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { shownName } from '../output.ts';
import { signatureOf } from '../read-arguments.ts';

const family = 'Help';

/** Commands that tell of the others, and the one that ends it all; they see the whole table. */
export function helpCommands(table: () => readonly Command[]): readonly Command[] {
  return [
    {
      name: 'help',
      aliases: ['?'],
      family,
      usage: '[COMMAND]',
      help: 'Show all commands, or all of one',
      ...{ most: 1, completes: ['command'], needsLogin: false },
      run: async (context, { words }) => help(context, table(), words[0]?.text),
    },
    {
      name: 'bye',
      aliases: ['quit', 'exit'],
      family,
      usage: '',
      help: 'Log out and end the client; waits for jobs that have not ended',
      ...{ most: 0, needsLogin: false },
      run: async ({ leave }) => leave(),
    },
  ];
}

/**
 * The command of a name, or of an alias.
 *
 * @param columns width of the terminal in characters
 * @throws ClientError E_COMMAND with what was probably meant, and the names of all there are
 */
export function findCommand(table: readonly Command[], name: string, columns: number): Command {
  const found = table.find((command) => command.name === name || command.aliases?.includes(name));
  if (found) return found;
  const meant = didYouMean(
    name,
    table.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  const shown = `${nameShown(name)}: unknown command${meant}`;
  const names = indented(2, table.map((command) => command.name).join(' '), columns);
  throw new ClientError('E_COMMAND', [shown, ...names, 'help tells what they do, help COMMAND more of one'].join('\n'));
}

/** The name of a command as it was typed. It may be an address, with a password in it as like as not. */
export function nameShown(name: string): string {
  return /[@,]/.test(name) ? '...' : shownName(name);
}

function help({ output, columns }: CommandContext, table: readonly Command[], name: string | undefined): void {
  if (name === undefined) {
    const commands = table.map((command) => ({ name: command.name, usage: command.usage, help: command.help }));
    output.show({ facts: { commands }, lines: [...overview(table, columns), 'help COMMAND tells more of one'] });
    return;
  }
  const { run: _, ...facts } = findCommand(table, name, columns);
  output.show({ facts, lines: detailsOf(facts, columns) });
}

/** All commands by family, each with the first part of its help. */
function overview(table: readonly Command[], columns: number): readonly string[] {
  const width = table.reduce((most, { name }) => Math.max(most, name.length), 0) + 4;
  return families.flatMap((heading) => {
    const commands = table.filter((command) => command.family === heading);
    return [
      `${heading}:`,
      ...commands.flatMap(({ name, help: text }) => {
        const [first = '', ...more] = indented(width, text.split(';')[0] ?? '', columns);
        return [`  ${name}`.padEnd(width) + first.trimStart(), ...more];
      }),
    ];
  });
}

function detailsOf(command: Omit<Command, 'run'>, columns: number): readonly string[] {
  const { help: text, aliases = [], options = [] } = command;
  const shown = options.flatMap((option) => {
    const letter = option.letter === undefined ? '    ' : `-${option.letter}, `;
    const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`;
    const term = `  ${letter}${`--${option.name}${value}`.padEnd(18)} `;
    const [first = '', ...more] = indented(term.length, option.help, columns);
    return [term + first.trimStart(), ...more];
  });
  return [
    signatureOf(command),
    ...indented(2, text, columns),
    ...(aliases.length === 0 ? [] : [`  Also: ${aliases.join(', ')}`]),
    ...shown,
  ];
}

// Narrower than this the words would stand one below the other.
const NARROWEST = 24;

/** A text in lines that begin with so many blanks and fit into so many columns, the last one of which stays free. */
function indented(blanks: number, text: string, columns: number): readonly string[] {
  return wrap(text, Math.max(NARROWEST, columns - 1 - blanks)).map((line) => ' '.repeat(blanks) + line);
}
