import { variableOf } from './environment-options.ts';
import type { OptionEntry, OptionTable } from './option-table.ts';
import { defaultTextOf, groupsOf, rangeTextOf, signatureOf } from './option-text.ts';

/**
 * The tables of the options for a reference page, one with a heading for each group, as Markdown.
 *
 * @param prefix of the environment variables: `FILESMIRROR_`
 */
export function optionPage(table: OptionTable, prefix: string): string {
  const groups = [...groupsOf(table)].map(([heading, names]) => {
    const rows = names.map((name) => row(table, name, prefix));
    return [
      `### ${heading}`,
      '',
      '| option | meaning | default | environment |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return groups.join('\n\n');
}

function row(table: OptionTable, name: string, prefix: string): string {
  const entry = table[name];
  if (!entry) return '';
  const alias = entry.alias === undefined ? '' : `\`-${entry.alias}\`, `;
  const cells = [
    `${alias}\`${signatureOf(name, entry)}\``,
    meaning(entry),
    defaultTextOf(entry) ?? (entry.type === 'flag' ? 'off' : 'none'),
    entry.commandLineOnly ? 'command line only' : `\`${variableOf(name, prefix)}\``,
  ];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

function meaning(entry: OptionEntry): string {
  const facts = [
    entry.help,
    rangeTextOf(entry)?.replace(/^./, (letter) => letter.toUpperCase()),
    entry.type === 'texts' ? 'May be repeated' : undefined,
    entry.secret ? 'Never shown in logs' : undefined,
  ];
  return facts.filter((fact) => fact !== undefined).join('. ');
}
