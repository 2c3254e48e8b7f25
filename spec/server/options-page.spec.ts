import { readFileSync } from 'node:fs';
import { settleOptions } from '../../lib/base/command-line.ts';
import { readConfig } from '../../lib/base/config-options.ts';
import { variableOf } from '../../lib/base/environment-options.ts';
import { optionPage } from '../../lib/base/option-page.ts';
import { serverCommandHelp, serverCommands } from '../../lib/server/server-help.ts';
import { ENVIRONMENT_PREFIX, serverOptions } from '../../lib/server/server-options.ts';

// The compiled spec lies one folder deeper than its source.
const ROOT = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/server-options.md', ROOT), 'utf8');
const guide = readFileSync(new URL('docs/guides/ftp-server.md', ROOT), 'utf8');
const MARK = 'made from lib/server/server-options.ts';
const names: readonly string[] = Object.keys(serverOptions);

function between(begin: string, end: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from + begin.length);
  if (from < 0 || to < 0) throw new Error(`docs/reference/server-options.md lost "${begin}" or "${end}"`);
  return page.slice(from + begin.length, to);
}

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/server-options.md', () => {
  it('holds the tables that the option table makes', () => {
    const made = between(`<!-- ${MARK}: begin -->`, `<!-- ${MARK}: end -->`);
    expect(unpadded(made)).toBe(unpadded(optionPage(serverOptions, ENVIRONMENT_PREFIX)));
  });

  it('lists the commands in their order', () => {
    expect([...page.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, name]) => name)).toEqual([...serverCommands]);
    expect(serverCommandHelp.map(({ name }) => name)).toEqual([...serverCommands]);
  });

  for (const [what, text] of Object.entries({ 'the page': page, 'the guide': guide })) {
    it(`names no option and no variable that does not exist in ${what}`, () => {
      const named = [...text.matchAll(/--(?:\[no-\])?([a-z][a-z-]*[a-z])/g)].map(([, name]) => name ?? '');
      const known = [...names, ...names.map((name) => `no-${name}`), 'name', 'options'];
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
      const variables = [...text.matchAll(/MINIFTPD_[A-Z][A-Z_]*/g)].map(([name]) => name);
      expect(
        variables.filter((name) => !names.some((known) => variableOf(known, ENVIRONMENT_PREFIX) === name)),
      ).toEqual([]);
    });

    it(`shows only config files that are accepted in ${what}`, () => {
      const shown = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json);
      expect(shown.length).toBeGreaterThan(0);
      for (const json of shown) {
        const { given, faults } = readConfig(serverOptions, json, 'conf.json');
        expect([...faults, ...settleOptions(serverOptions, { config: given }).faults]).toEqual([]);
      }
    });
  }
});

describe('serverOptions', () => {
  it('have defaults that their own rules accept', () => {
    const texts = Object.entries(serverOptions).flatMap(([name, entry]) =>
      'default' in entry && !('defaultText' in entry) ? [[name, String(entry.default)] as const] : [],
    );
    const given = new Map(texts.map(([name, text]) => [name, { label: name, texts: [text] }]));
    expect(settleOptions(serverOptions, { arguments: given }).faults).toEqual([]);
  });

  for (const [name, { help }] of Object.entries(serverOptions)) {
    it(`explain ${name} in a sentence without a full stop`, () => {
      expect(help).toMatch(/^[A-Z].*[^.\s]$/);
      expect(name).toMatch(/^(?!no-)[a-z]+(-[a-z]+)*$/);
    });
  }

  for (const [name, text, value] of [
    ['listen', 'localhost', '127.0.0.1'],
    ['listen', '[::1]', '::1'],
    ['listen', '::', '::'],
    ['listen', '127.1', undefined],
    ['listen', 'example.org', undefined],
    ['passive-ports', '40000-40100', { first: 40_000, last: 40_100 }],
    ['passive-ports', '40000-40000', { first: 40_000, last: 40_000 }],
    ['passive-ports', '40100-40000', undefined],
    ['passive-ports', '0-10', undefined],
    ['passive-ports', '1-2-3', undefined],
    ['passive-ports', '1-70000', undefined],
    ['passive-ports', '5', undefined],
  ] as const) {
    it(`read ${JSON.stringify(text)} for ${name} as ${JSON.stringify(value)}`, () => {
      const { values, faults } = settleOptions(serverOptions, {
        arguments: new Map([[name, { label: name, texts: [text] }]]),
      });
      if (value === undefined) expect(faults.length).toBe(1);
      else expect(values[name]).toEqual(value);
    });
  }
});
