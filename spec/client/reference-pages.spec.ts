import { readFileSync } from 'node:fs';
import { settleOptions } from '../../lib/base/command-line.ts';
import { optionPage } from '../../lib/base/option-page.ts';
import { clientOptions, ENVIRONMENT_PREFIX } from '../../lib/client/client-options.ts';
import { families } from '../../lib/client/command.ts';
import { commandPage } from '../../lib/client/command-page.ts';
import { commandTable } from '../../lib/client/command-table.ts';

function read(path: string): string {
  // The compiled spec lies one folder deeper than its source.
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

function between(page: string, mark: string): string {
  const begin = `<!-- made from ${mark}: begin -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- made from ${mark}: end -->`);
  if (from < 0 || to < 0) throw new Error(`the page lost its marks of ${mark}`);
  return page.slice(from + begin.length, to);
}

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/client-commands.md', () => {
  it('holds the tables that the command table makes', () => {
    const made = between(read('docs/reference/client-commands.md'), 'lib/client/command-table.ts');
    expect(unpadded(made)).toBe(unpadded(commandPage(commandTable)));
  });
});

describe('docs/reference/client-options.md', () => {
  it('holds the tables that the option table makes', () => {
    const made = between(read('docs/reference/client-options.md'), 'lib/client/client-options.ts');
    expect(unpadded(made)).toBe(unpadded(optionPage(clientOptions, ENVIRONMENT_PREFIX)));
  });
});

describe('docs/guides/ftp-client.md', () => {
  it('names only options and commands that exist', () => {
    const guide = read('docs/guides/ftp-client.md');
    const options = [...guide.matchAll(/`--(?:no-)?([a-z-]+)/g)].map(([, name]) => name ?? '');
    const known = [
      ...Object.keys(clientOptions),
      ...commandTable.flatMap((command) => (command.options ?? []).map(({ name }) => name)),
    ];
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((name) => !known.includes(name))).toEqual([]);
    const commands = [...guide.matchAll(/^(?:miniftp|ftp:\S+)> (\w+)/gm)].map(([, name]) => name ?? '');
    const names = commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('The commands of the client', () => {
  it('has no name twice', () => {
    const names = commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('has commands in every family, and no option letter twice in one command', () => {
    expect(families.filter((heading) => !commandTable.some(({ family }) => family === heading))).toEqual([]);
    for (const { name, options = [] } of commandTable) {
      const letters = options.flatMap(({ letter }) => letter ?? []);
      expect(new Set(letters).size).withContext(name).toBe(letters.length);
    }
  });

  it('explains commands and options in sentences without a full stop', () => {
    const texts = commandTable.flatMap(({ help, options = [] }) => [help, ...options.map((option) => option.help)]);
    expect(texts.filter((text) => !/^[A-Z].*[^.\s]$/.test(text))).toEqual([]);
  });
});

describe('clientOptions', () => {
  it('uses no letter twice, and has defaults that its own rules accept', () => {
    const letters = Object.values(clientOptions).flatMap((entry) => ('alias' in entry ? [entry.alias] : []));
    expect(new Set(letters).size).toBe(letters.length);
    const texts = Object.entries(clientOptions).flatMap(([name, entry]) =>
      'default' in entry && entry.type !== 'parsed' ? [[name, String(entry.default)] as const] : [],
    );
    const given = new Map(texts.map(([name, text]) => [name, { label: name, texts: [text] }]));
    expect(settleOptions(clientOptions, { arguments: given }).faults).toEqual([]);
  });
});
