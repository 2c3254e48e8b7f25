import { readFileSync } from 'node:fs';
import { adminOptions } from '../../lib/admin/admin-options.ts';
import { commandPage } from '../../lib/admin/command-page.ts';
import { settleOptions } from '../../lib/base/command-line.ts';
import { optionPage } from '../../lib/base/option-page.ts';

// The compiled spec lies one folder deeper than its source.
const page = readFileSync(new URL('../../../docs/reference/ftp-admin.md', import.meta.url), 'utf8');

function between(mark: string): string {
  const [, made] = page.split(new RegExp(`<!-- ${mark}: (?:begin|end) -->`));
  if (made === undefined) throw new Error(`docs/reference/ftp-admin.md lost "${mark}"`);
  return made;
}

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/ftp-admin.md', () => {
  it('holds the table of the commands', () => {
    expect(unpadded(between('made from lib/admin/commands'))).toBe(unpadded(commandPage()));
  });

  it('holds the tables of the options', () => {
    expect(unpadded(between('made from lib/admin/admin-options.ts'))).toBe(
      unpadded(optionPage(adminOptions, 'MINIFTPD_')),
    );
  });
});

describe('adminOptions', () => {
  it('uses no letter twice', () => {
    const letters = Object.values(adminOptions).flatMap((entry) => ('alias' in entry ? [entry.alias] : []));
    expect(new Set(letters).size).toBe(letters.length);
  });

  it('has defaults that its own rules accept', () => {
    const texts = Object.entries(adminOptions).flatMap(([name, entry]) =>
      'default' in entry ? [[name, String(entry.default)] as const] : [],
    );
    const given = new Map(texts.map(([name, text]) => [name, { label: name, texts: [text] }]));
    expect(settleOptions(adminOptions, { arguments: given }).faults).toEqual([]);
  });

  for (const [name, { help }] of Object.entries(adminOptions)) {
    it(`explains ${name} in a sentence without a full stop`, () => {
      expect(help).toMatch(/^[A-Z].*[^.\s]$/);
    });
  }
});
