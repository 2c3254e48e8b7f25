import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillReport } from '../../docs/report/fill-report.ts';
import { requireProgram } from '../support/foreign/found.ts';
import { read, repository } from './pages.ts';

const folder = join(repository, 'docs/report');
const MOST_PAGES = 4;

describe('the report', () => {
  const benchmarks = [
    '<!-- made by npm run bench:full: times -->',
    '| row        | ours             | / lftp           |',
    '| ---------- | ---------------- | ---------------- |',
    '| S/vsftpd/0 | 1.20 (1.10-1.30) | 1.17 (\\<= 1.5)  |',
    '| L/vsftpd/0 | 0.70             |                  |',
    '<!-- end of times -->',
  ].join('\n');
  const fill = (source: string) =>
    fillReport(source, { benchmarks, file: (path) => (path === 'a' ? '<svg/>' : undefined) });

  it('takes its figures from the page of the benchmarks', () => {
    expect(fill('<p>{{times | S/vsftpd/0 | ours}} s, {{times | S/vsftpd/0 | / lftp}}</p>')).toBe(
      '<p>1.20 (1.10-1.30) s, 1.17 (&lt;= 1.5)</p>',
    );
    expect(fill('{{table | times | ours; / lftp | L/vsftpd/0; M/vsftpd/0}}')).toBe(
      '<tr><th></th><th>ours</th><th>/ lftp</th></tr>\n<tr><td>L/vsftpd/0</td><td>0.70</td><td></td></tr>',
    );
  });

  it('leaves out a block whose figures were not measured', () => {
    expect(fill('a\n\n<p>b\n{{times | M/vsftpd/0 | ours}}</p>\n\nc')).toBe('a\n\nc');
    expect(fill('a\n\n{{table | times | ours | M/vsftpd/0}}\n\n{{picture | b}}\n\n{{picture | a}}')).toBe(
      'a\n\n<svg/>',
    );
  });
});

describe('docs/report/report.pdf', () => {
  const file = (path: string) =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined;
  const html = fillReport(read('docs/report/report.html'), { benchmarks: read('docs/benchmarks.md'), file });
  const source = textOf(html);
  let pages: readonly string[] = [];

  beforeEach(() => {
    requireProgram('pdftotext');
    const text = execFileSync('pdftotext', ['-layout', join(folder, 'report.pdf'), '-'], { encoding: 'utf8' });
    pages = text.split('\f').slice(0, -1);
  });

  it(`has at most ${MOST_PAGES} pages`, () => {
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.length).toBeLessThanOrEqual(MOST_PAGES);
  });

  it('has the figures of docs/benchmarks.md, and no others (npm run report makes it anew)', () => {
    const own = figuresOf(source);
    const found = figuresOf(pages.map(withoutNumber).join('\n'));
    expect([...own].filter((figure) => !found.has(figure))).toEqual([]);
    expect([...found].filter((figure) => !own.has(figure))).toEqual([]);
  });

  it('says what its source says', () => {
    // A long word may go on in the next line.
    const found = pages.join('').replace(/\s+/g, '');
    expect(source.split(/\s+/).filter((word) => !found.includes(word))).toEqual([]);
  });
});

/** What a reader sees of a page of HTML. */
function textOf(html: string): string {
  return html
    .replace(/<(title|style)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}

function figuresOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\d+(?:[.,]\d+)*/g));
}

/** The number of the page, at its foot. */
function withoutNumber(page: string): string {
  return page.replace(/^ *\d+ ?\/ ?\d+ *$/gm, '');
}
