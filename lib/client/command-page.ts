import { type Command, families } from './command.ts';
import { signatureOf } from './read-arguments.ts';

/** The tables of the commands for the reference page, one with a heading for each family, as Markdown. */
export function commandPage(table: readonly Command[]): string {
  const parts = families.flatMap((heading) => {
    const commands = table.filter(({ family }) => family === heading);
    const rows = commands.map((command) => `| ${cells(command).map(escaped).join(' | ')} |`);
    return [
      [`### ${heading}`, '', '| command | meaning | options | also |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ];
  });
  return parts.join('\n\n');
}

function cells(command: Command): readonly string[] {
  const { help, options = [], aliases = [] } = command;
  const shown = options.map(({ name, letter, placeholder, help: text }) => {
    const value = placeholder === undefined ? '' : ` ${placeholder}`;
    const form = letter === undefined ? `\`--${name}${value}\`` : `\`-${letter}${value}\`, \`--${name}\``;
    return `${form}: ${text}`;
  });
  return [`\`${signatureOf(command)}\``, help, shown.join('<br>'), aliases.map((alias) => `\`${alias}\``).join(', ')];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
