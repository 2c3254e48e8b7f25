import { usageOf } from './admin-help.ts';
import { commandTable } from './command-table.ts';

/** The table of the commands for the reference page, as Markdown. */
export function commandPage(): string {
  const rows = commandTable.map((command) => {
    const { aka, help, options, positionals } = command;
    const usage = [usageOf(command), ...(aka ? [aka] : [])].map((text) => `\`${text.replaceAll('|', '\\|')}\``);
    const facts = [
      help,
      ...positionals.filter(({ name }) => name !== 'NAME').map(({ name, help: of }) => `${name}: ${of}`),
    ];
    const taken = options.map((option) => `\`--${option}\``).join(', ');
    return `| ${usage.join(', ')} | ${facts.join('. ').replaceAll('|', '\\|')} | ${taken || 'none'} |`;
  });
  return ['| command | what it does | its options |', '| --- | --- | --- |', ...rows].join('\n');
}
