import { getPart } from '../../spec/bench/marked-parts.ts';

/** Where the figures and pictures of the report come from. */
export interface ReportSources {
  /** The text of docs/benchmarks.md. */
  readonly benchmarks: string;
  /** The text of a file beside the report, or `undefined` when it is not there. */
  readonly file: (path: string) => string | undefined;
}

/**
 * Fill in the places of the report. A block (what stands between empty lines) with a place that cannot be filled, since
 * its row was not measured, is left out.
 *
 * - `{{times | S1k/vsftpd/20 | ours}}`: a cell of a table of docs/benchmarks.md, by part, row and column
 * - `{{table | times | ours; / lftp | S/vsftpd/0; S1k/vsftpd/20}}`: columns and rows of a part, as lines of a table
 * - `{{picture | ../images/a.svg}}`: a picture
 */
export function fillReport(source: string, sources: ReportSources): string {
  return source
    .split(/\n{2,}/)
    .map((block) => filled(block, sources))
    .filter((block) => block !== undefined)
    .join('\n\n');
}

function filled(block: string, sources: ReportSources): string | undefined {
  let isWhole = true;
  const text = block.replace(/\{\{([^}]*)\}\}/g, (_, place: string) => {
    const [kind = '', ...words] = place.split(' | ').map((word) => word.trim());
    const content = contentOf(kind, words, sources);
    isWhole &&= content !== undefined;
    return content ?? '';
  });
  return isWhole ? text : undefined;
}

function contentOf(kind: string, words: readonly string[], { benchmarks, file }: ReportSources): string | undefined {
  if (kind === 'picture') return file(words[0] ?? '');
  if (kind === 'table') {
    const [part = '', columns = '', rows = ''] = words;
    return tableOf(cellsOf(getPart(benchmarks, part)), list(columns), list(rows));
  }
  const [row = '', column = ''] = words;
  const cell = cellsOf(getPart(benchmarks, kind)).get(row)?.get(column);
  return cell === undefined ? undefined : escaped(cell);
}

/** Rows that were not measured are left out; a table without any is none. */
function tableOf(cells: Cells, columns: readonly string[], rows: readonly string[]): string | undefined {
  const lines = rows.filter((row) => cells.has(row)).map((row) => line('td', [row, ...columns.map(cell(cells, row))]));
  return lines.length === 0 ? undefined : [line('th', ['', ...columns]), ...lines].join('\n');
}

function cell(cells: Cells, row: string): (column: string) => string {
  return (column) => cells.get(row)?.get(column) ?? '';
}

function line(tag: 'td' | 'th', words: readonly string[]): string {
  return `<tr>${words.map((word) => `<${tag}>${escaped(word)}</${tag}>`).join('')}</tr>`;
}

type Cells = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The cells of a Markdown table by the first cell of their line and the heading of their column. */
function cellsOf(markdown: string): Cells {
  const lines = markdown.split('\n').filter((text) => text.startsWith('| '));
  const split = (text: string) =>
    text
      .slice(2, -2)
      .split(' | ')
      .map((word) => word.trim().replaceAll('\\', ''));
  const [headings = [], , ...rest] = lines.map(split);
  return new Map(rest.map((words) => [words[0] ?? '', new Map(headings.map((name, at) => [name, words[at] ?? '']))]));
}

function list(text: string): readonly string[] {
  return text.split(';').map((word) => word.trim());
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
