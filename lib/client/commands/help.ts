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

/** The command of a name, or of an alias. @throws ClientError E_COMMAND with what was probably meant, and all there are */
export function findCommand(table: readonly Command[], name: string): Command {
  const found = table.find((command) => command.name === name || command.aliases?.includes(name));
  if (found) return found;
  const meant = didYouMean(
    name,
    table.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
  );
  const shown = `${nameShown(name)}: unknown command${meant}`;
  throw new ClientError('E_COMMAND', `${shown}\n${overview(table).join('\n')}`);
}

/** The name of a command as it was typed. It may be an address, with a password in it as like as not. */
export function nameShown(name: string): string {
  return /[@,]/.test(name) ? '...' : shownName(name);
}

function help({ output }: CommandContext, table: readonly Command[], name: string | undefined): void {
  if (name === undefined) {
    const commands = table.map((command) => ({ name: command.name, usage: command.usage, help: command.help }));
    output.show({ facts: { commands }, lines: [...overview(table), 'help COMMAND tells more of one'] });
    return;
  }
  const { run: _, ...facts } = findCommand(table, name);
  output.show({ facts, lines: detailsOf(facts) });
}

/** All commands by family, each with the first part of its help. */
function overview(table: readonly Command[]): readonly string[] {
  const width = table.reduce((most, { name }) => Math.max(most, name.length), 0);
  return families.flatMap((heading) => {
    const commands = table.filter((command) => command.family === heading);
    return [`${heading}:`, ...commands.map(({ name, help: text }) => `  ${name.padEnd(width)}  ${text.split(';')[0]}`)];
  });
}

function detailsOf(command: Omit<Command, 'run'>): readonly string[] {
  const { help: text, aliases = [], options = [] } = command;
  const shown = options.map((option) => {
    const letter = option.letter === undefined ? '    ' : `-${option.letter}, `;
    const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`;
    return `  ${letter}${`--${option.name}${value}`.padEnd(18)} ${option.help}`;
  });
  return [
    signatureOf(command),
    `  ${text}`,
    ...(aliases.length === 0 ? [] : [`  Also: ${aliases.join(', ')}`]),
    ...shown,
  ];
}
