import { basename } from 'node:path';
import { hasJournal, identityOf, journalFileOf, type Pair, pairIdOf } from '../../lib/sync/pair.ts';
import { PairJournal } from '../../lib/sync/pair-journal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const site = { protocol: 'ftp', host: 'example.org', port: 21, user: 'steve', directory: 'test' } as const;
const pair: Pair = { site, localRoot: '/home/steve/web' };

function withSite(more: Partial<Pair['site']>): Pair {
  return { ...pair, site: { ...site, ...more } };
}

describe('The identity of a pair', () => {
  const others = [
    { field: 'protocol', other: withSite({ protocol: 'ftps' }) },
    { field: 'host', other: withSite({ host: 'example.com' }) },
    { field: 'port', other: withSite({ port: 2121 }) },
    { field: 'user', other: withSite({ user: 'Steve' }) },
    { field: 'far folder', other: withSite({ directory: 'Test' }) },
    { field: 'beginning of the far folder', other: withSite({ directory: '/test' }) },
    { field: 'near folder', other: { ...pair, localRoot: '/home/steve/Web' } },
  ];
  for (const { field, other } of others) {
    it(`is another when the ${field} is`, () => {
      expect(pairIdOf(other)).not.toBe(pairIdOf(pair));
      expect(journalFileOf('/s', other)).not.toBe(journalFileOf('/s', pair));
    });
  }

  const same = [
    { what: 'a slash at the end of the far folder', other: withSite({ directory: 'test/' }) },
    { what: 'several slashes there', other: withSite({ directory: 'test///' }) },
    { what: 'the case of the host', other: withSite({ host: 'Example.ORG' }) },
  ];
  for (const { what, other } of same) {
    it(`does not depend on ${what}`, () => {
      expect(identityOf(other)).toBe(identityOf(pair));
      expect(journalFileOf('/s', other)).toBe(journalFileOf('/s', pair));
    });
  }

  it('does not depend on the password, nor hold it', () => {
    const withPassword = { ...pair, site: { ...site, password: 'secret' } };
    expect(identityOf(withPassword)).toBe(identityOf(pair));
  });

  it("tells the far side's root from the folder one is in after the login", () => {
    const [root, twice, login] = ['/', '//', ''].map((directory) => identityOf(withSite({ directory })));
    expect(root).toBe(twice);
    expect(root).not.toBe(login);
  });
});

describe('The file of a journal', () => {
  it('tells host and pair', () => {
    expect(journalFileOf('/state', pair)).toBe(`/state/example.org-${pairIdOf(pair)}.journal`);
    expect(pairIdOf(pair)).toMatch(/^[0-9a-f]{16}$/);
  });

  for (const host of [
    '../../etc/passwd',
    '::1',
    '[fe80::1%eth0]',
    'a b',
    'münchen.de',
    '..',
    'x'.repeat(5000),
    '\0\n',
  ]) {
    it(`is one safe name for the host ${JSON.stringify(host.slice(0, 20))}`, () => {
      const file = journalFileOf('/state', withSite({ host }));
      expect(file).toBe(`/state/${basename(file)}`);
      expect(basename(file)).toMatch(/^[\w.-]{1,100}\.journal$/);
    });
  }
});

describe('hasJournal', () => {
  const folder = temporaryFolder();

  it('tells whether a pair was mirrored before', () => {
    expect(hasJournal(folder(), pair)).toBeFalse();
    PairJournal.open(folder(), pair).close();
    expect(hasJournal(folder(), pair)).toBeTrue();
    expect(hasJournal(folder(), withSite({ port: 22 }))).toBeFalse();
  });
});
