import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { committedFiles, read, repository, withoutCode } from './pages.ts';

/** Where the paths that documents name begin. */
const places = ['', 'lib', 'spec/support'];
const pages = committedFiles().filter((path) => path.endsWith('.md'));

describe('the documents', () => {
  it('are found at all', () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(60);
  });

  for (const page of pages) {
    it(`have only links that lead somewhere in ${page}`, () => {
      expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
    });
  }

  for (const page of ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/guides/testing.md']) {
    it(`name only source files that are there in ${page}`, () => {
      const named = [...read(page).matchAll(/`([a-z-]+\/[\w/.-]+\.(?:ts|js))`/g)].map(([, path = '']) => path);
      expect(named.length).toBeGreaterThan(3);
      expect(named.filter((path) => !places.some((place) => existsSync(join(repository, place, path))))).toEqual([]);
    });
  }

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const link of linksOf(page)) {
        const target = targetOf(page, link).file;
        if (pages.includes(target)) reached.add(target);
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});

describe('the check of links', () => {
  it('finds a missing file and a missing heading', () => {
    expect(leadsSomewhere('README.md', 'docs/nothing.md')).toBeFalse();
    expect(leadsSomewhere('README.md', 'docs/glossary.md#nothing')).toBeFalse();
    expect(leadsSomewhere('README.md', '#nothing')).toBeFalse();
    expect(leadsSomewhere('docs/index.md', '../SECURITY.md#passwords')).toBeTrue();
  });
});

/** Addresses of inline links, but for those that leave the repository. */
function linksOf(page: string): readonly string[] {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, address]) => address ?? '');
  return links.filter((address) => !/^[a-z]+:/.test(address));
}

function targetOf(page: string, link: string): { readonly file: string; readonly heading: string | undefined } {
  const [path = '', heading] = link.split('#');
  return { file: path === '' ? page : normalize(join(dirname(page), path)), heading };
}

function leadsSomewhere(page: string, link: string): boolean {
  const { file, heading } = targetOf(page, link);
  if (!existsSync(join(repository, file))) return false;
  return heading === undefined || headingsOf(read(file)).includes(heading);
}

/** As GitHub makes them: small letters, blanks become dashes, all but letters, digits, dashes and underscores goes. */
function headingsOf(text: string): readonly string[] {
  const headings = text.replace(/^ *(```+).*?^ *\1 *$/gms, '').matchAll(/^#+ +(.+?)\s*$/gm);
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
