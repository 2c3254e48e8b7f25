import type { OptionEntry, OptionTable } from './option-table.ts';
import { defaultTextOf, groupsOf, rangeTextOf, signatureOf } from './option-text.ts';

/** A positional parameter as help shows it. */
export interface PositionalHelp {
  readonly name: string;
  readonly help: string;
}

/** What stands above and below the options in a help text. */
export interface HelpFrame {
  /** How the program is called, one line. */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly summary: string;
  readonly positionals: readonly PositionalHelp[];
  /** Paragraphs after the options. */
  readonly closing: readonly string[];
}

// Narrower and the words of the help column stand one below the other; wider and lines are hard to read.
const NARROWEST = 50;
const WIDEST = 100;
const TERM_WIDTH = 26;

/**
 * The text of `--help`, made from the option table.
 *
 * @param columns width of the terminal in characters
 */
export function helpText(table: OptionTable, frame: HelpFrame, columns = 80): string {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const sections = [
    wrap(`Usage: ${frame.usage}`, width).map((line, at) => (at === 0 ? line : `       ${line}`)),
    wrap(frame.summary, width),
    frame.positionals.flatMap(({ name, help }) => describe(`  ${name}`, help, width)),
    ...[...groupsOf(table)].map(([heading, names]) => [
      `${heading}:`,
      ...names.flatMap((name) => describeOption(table, name, width)),
    ]),
    ...frame.closing.map((paragraph) => wrap(paragraph, width)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function describeOption(table: OptionTable, name: string, width: number): readonly string[] {
  const entry = table[name];
  if (!entry) return [];
  const alias = entry.alias === undefined ? '    ' : `-${entry.alias}, `;
  return describe(`  ${alias}${signatureOf(name, entry)}`, explain(entry), width);
}

function explain(entry: OptionEntry): string {
  const byDefault = defaultTextOf(entry);
  const facts = [
    entry.type === 'texts' ? 'may be repeated' : undefined,
    rangeTextOf(entry),
    byDefault === undefined ? undefined : `default: ${byDefault}`,
  ].filter((fact) => fact !== undefined);
  return facts.length === 0 ? entry.help : `${entry.help} (${facts.join('; ')})`;
}

// A term that is too long for its column has the first line for itself.
function describe(term: string, explanation: string, width: number): readonly string[] {
  const indent = ' '.repeat(TERM_WIDTH);
  const lines = wrap(explanation, width - TERM_WIDTH).map((line) => indent + line);
  if (term.length > TERM_WIDTH - 2) return [term, ...lines];
  return [term.padEnd(TERM_WIDTH) + (lines[0] ?? '').trimStart(), ...lines.slice(1)];
}

/** A text in lines of at most so many characters, broken between words. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
