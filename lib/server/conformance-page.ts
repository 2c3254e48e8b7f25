import { type Command, repliesOf } from './command.ts';

/** Every command may be answered so; a page need not say it each time. */
const ALWAYS: ReadonlySet<number> = new Set([421, 451]);

/**
 * The table of all commands for a reference page, as Markdown.
 *
 * @param notOffered commands of the standards that are answered 502
 */
export function conformancePage(commands: Iterable<Command>, notOffered: Iterable<string>): string {
  const head = ['| command | before the login | permission | replies | source |', '| --- | --- | --- | --- | --- |'];
  const refused = [...notOffered].map((verb) => `\`${verb}\``).join(', ');
  return [...head, ...[...commands].map(row), '', `Answered 502: ${refused}.`].join('\n');
}

function row(command: Command): string {
  const replies = repliesOf(command).filter((code) => !ALWAYS.has(code));
  const cells = [
    `\`${command.help}\``,
    command.isOpen ? 'yes' : 'no',
    command.permission ?? 'none',
    replies.join(', '),
    command.source,
  ];
  return `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}
