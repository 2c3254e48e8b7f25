import { commandTable } from './command-table.ts';
import { parseText, type Statement } from './parse-line.ts';

// ftp://user:password@host, whatever is in the password.
const ADDRESS = /:\/\/[^/@]*:.*@/s;
// The same without the scheme, which an address may do without; and host,user,password,folder as the mirror takes it.
const LIKE_AN_ADDRESS = /:(?!\/\/).*@|,.*,/s;
// What goes before a password in other clients, or as FTP has it, in a line that is no command of ours.
const BEFORE_A_SECRET = /^(user|pass\w*|acct|quote|site)$/i;
// -u name,password of other clients; ours has none there but to forget a bookmark.
const OPTION = /^-(?!d$|-delete$)/;

/**
 * May a line, as it was typed, hold a password? Rather a line too many than one too few: what is not remembered is typed
 * again.
 */
export function mayHoldSecret(line: string): boolean {
  return statementsOf(line)?.some(mayHold) ?? true;
}

/** A line as it may be shown: `open ...` where it may hold a password. */
export function withoutSecret(line: string): string {
  if (!mayHoldSecret(line)) return line;
  const first = /^\w+/.exec(line)?.[0];
  return commandNamed(first) ? `${first} ...` : '...';
}

function statementsOf(line: string): readonly Statement[] | undefined {
  // What nobody can read may lack no more than its last quote.
  for (const end of ['', '"', "'"]) {
    const parsed = parseText(line + end);
    if ('statements' in parsed) return parsed.statements;
  }
  return undefined;
}

function mayHold(statement: Statement): boolean {
  if (ADDRESS.test(statement.source)) return true;
  if (statement.kind === 'shell') return false;
  const words = statement.words.map(({ text }) => text);
  const [name, ...rest] = words.slice(words.findIndex((word) => word !== 'queue'));
  const command = commandNamed(name);
  // A word alone that is no command may be a password, typed where nobody had asked for it yet.
  if (!command) return rest.length === 0 || words.some(goesBeforeSecret) || LIKE_AN_ADDRESS.test(words.join('\n'));
  if (command.secrets === 'address') return rest.some((word) => LIKE_AN_ADDRESS.test(word) || OPTION.test(word));
  return command.secrets === 'all';
}

function goesBeforeSecret(word: string): boolean {
  return BEFORE_A_SECRET.test(word);
}

function commandNamed(name: string | undefined) {
  return commandTable.find((command) => command.name === name || command.aliases?.includes(name ?? ''));
}
