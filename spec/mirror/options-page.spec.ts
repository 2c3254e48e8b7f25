import { readFileSync } from 'node:fs';
import { settleOptions } from '../../lib/base/command-line.ts';
import { readConfig } from '../../lib/base/config-options.ts';
import { variableOf } from '../../lib/base/environment-options.ts';
import { optionPage } from '../../lib/base/option-page.ts';
import { DEFAULT_PORTS } from '../../lib/ftp/site-parts.ts';
import { mirrorPositionals } from '../../lib/mirror/mirror-help.ts';
import { ENVIRONMENT_PREFIX, mirrorOptions } from '../../lib/mirror/mirror-options.ts';

// The compiled spec lies one folder deeper than its source.
const page = readFileSync(new URL('../../../docs/reference/options.md', import.meta.url), 'utf8');
const MARK = 'made from lib/mirror/mirror-options.ts';
const names: readonly string[] = Object.keys(mirrorOptions);

function between(begin: string, end: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from + begin.length);
  if (from < 0 || to < 0) throw new Error(`docs/reference/options.md lost "${begin}" or "${end}"`);
  return page.slice(from + begin.length, to);
}

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/options.md', () => {
  it('holds the tables that the option table makes', () => {
    const made = between(`<!-- ${MARK}: begin -->`, `<!-- ${MARK}: end -->`);
    expect(unpadded(made)).toBe(unpadded(optionPage(mirrorOptions, ENVIRONMENT_PREFIX)));
  });

  it('names no option that does not exist', () => {
    const named = [...page.matchAll(/--(?:\[no-\])?([a-z][a-z-]*[a-z])/g)].map(([, name]) => name ?? '');
    const known = [...names, ...names.map((name) => `no-${name}`), 'no', 'option', 'options'];
    expect(named.length).toBeGreaterThan(names.length);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names no variable that does not exist', () => {
    const named = [...page.matchAll(/FILESMIRROR_[A-Z][A-Z_]*/g)].map(([name]) => name);
    const known = names.map((name) => variableOf(name, ENVIRONMENT_PREFIX));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('lists the positional parameters in their order', () => {
    const rows = [...between('## Positional parameters', '###').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);
    expect(rows).toEqual(mirrorPositionals.map(({ name }) => name));
  });

  it('lists the schemes with their ports', () => {
    const rows = [...page.matchAll(/^\| `(\w+):\/\/` +\|.*\| (\d+) +\|$/gm)].map(([, name, port]) => [
      name,
      Number(port),
    ]);
    expect(rows).toEqual(Object.entries(DEFAULT_PORTS));
  });

  it('shows a config file that is accepted', () => {
    const { given, faults } = readConfig(mirrorOptions, between('```json', '```'), 'example.json');
    expect(given.size).toBeGreaterThan(3);
    expect([...faults, ...settleOptions(mirrorOptions, { config: given }).faults]).toEqual([]);
  });
});

describe('mirrorOptions', () => {
  it('uses no letter twice', () => {
    const letters = Object.values(mirrorOptions).flatMap((entry) => ('alias' in entry ? [entry.alias] : []));
    expect(new Set(letters).size).toBe(letters.length);
  });

  it('has defaults that its own rules accept', () => {
    const texts = Object.entries(mirrorOptions).flatMap(([name, entry]) =>
      'default' in entry && typeof entry.default !== 'object' ? [[name, String(entry.default)] as const] : [],
    );
    const given = new Map(texts.map(([name, text]) => [name, { label: name, texts: [text] }]));
    expect(settleOptions(mirrorOptions, { arguments: given }).faults).toEqual([]);
  });

  for (const [name, { help }] of Object.entries(mirrorOptions)) {
    it(`explains ${name} in a sentence without a full stop`, () => {
      expect(help).toMatch(/^[A-Z].*[^.\s]$/);
    });

    it(`has a name that is typed with small letters and dashes: ${name}`, () => {
      expect(name).toMatch(/^(?!no-)[a-z]+(-[a-z]+)*$/);
    });
  }

  for (const text of ['a/b', 'a\\b', '.', '..', '', 'a\nb']) {
    it(`refuses ${JSON.stringify(text)} as --ignore-file`, () => {
      const given = new Map([['ignore-file', { label: '--ignore-file', texts: [text] }]]);
      expect(settleOptions(mirrorOptions, { arguments: given }).faults.map(({ rule }) => rule)).toEqual([
        'must be the name of a file, without a slash',
      ]);
    });
  }
});
