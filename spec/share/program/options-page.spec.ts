import { readFileSync } from 'node:fs';
import { settleOptions } from '../../../lib/base/command-line.ts';
import { variableOf } from '../../../lib/base/environment-options.ts';
import { optionPage } from '../../../lib/base/option-page.ts';
import { shareCommands } from '../../../lib/share/share-help.ts';
import { ENVIRONMENT_PREFIX, shareOptions } from '../../../lib/share/share-options.ts';

// The compiled spec lies one folder deeper than its source.
const ROOT = new URL('../../../../', import.meta.url);
const page = readFileSync(new URL('docs/reference/share-options.md', ROOT), 'utf8');
const guide = readFileSync(new URL('docs/guides/share.md', ROOT), 'utf8');
const MARK = 'made from lib/share/share-options.ts';
const names: readonly string[] = Object.keys(shareOptions);

// The formatter fills the columns of a table with blanks and dashes; what it says stays the same.
function unpadded(text: string): string {
  return text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trim();
}

describe('docs/reference/share-options.md', () => {
  it('holds the tables that the option table makes', () => {
    const [, made = ''] = page.split(new RegExp(`<!-- ${MARK}: (?:begin|end) -->`));
    expect(unpadded(made)).toBe(unpadded(optionPage(shareOptions, ENVIRONMENT_PREFIX)));
  });

  it('lists the commands in their order', () => {
    expect([...page.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, name]) => name)).toEqual([...shareCommands]);
  });

  for (const [what, text] of Object.entries({ 'the page': page, 'the guide': guide })) {
    it(`names no option and no variable that does not exist in ${what}`, () => {
      const named = [...text.matchAll(/--(?:\[no-\])?([a-z][a-z-]*[a-z])/g)].map(([, name]) => name ?? '');
      const known = [...names, ...names.map((name) => `no-${name}`), 'name', 'no-name', 'options'];
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
      const variables = [...text.matchAll(/LEFT_[A-Z][A-Z_]*/g)].map(([name]) => name);
      expect(variables.filter((name) => !names.some((one) => variableOf(one, ENVIRONMENT_PREFIX) === name))).toEqual(
        [],
      );
    });
  }
});

describe('shareOptions', () => {
  it('have defaults that their own rules accept', () => {
    const texts = Object.entries(shareOptions).flatMap(([name, entry]) =>
      'default' in entry && !('defaultText' in entry) ? [[name, String(entry.default)] as const] : [],
    );
    const given = new Map(texts.map(([name, text]) => [name, { label: name, texts: [text] }]));
    expect(settleOptions(shareOptions, { arguments: given }).faults).toEqual([]);
  });

  for (const [name, { help }] of Object.entries(shareOptions)) {
    it(`explain ${name} in a sentence without a full stop`, () => {
      expect(help).toMatch(/^[A-Z].*[^.\s]$/);
      expect(name).toMatch(/^(?!no-)[a-z]+(-[a-z]+)*$/);
    });
  }
});
