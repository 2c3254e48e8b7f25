import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { asPlainUser } from '../support/plain-user.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTree } from './file-tree.ts';
import { onGlance, scanned } from './scanned.ts';

const without = (text: string) => makeFilter({ patterns: parsePatterns(text) });

describe('scan leaves out', () => {
  const folder = temporaryFolder();
  const at = (path: string): string => join(folder(), path);

  beforeEach(() => chmodSync(folder(), 0o755));

  it('a folder that must not be read', async () => {
    writeTree(folder(), { 'a/b': '', 'c/d': '' });
    chmodSync(at('a'), 0);
    const result = await asPlainUser(() => scanned(folder()));
    chmodSync(at('a'), 0o755);
    expect(result).toEqual({ found: ['c/', 'c/d 0 1000000000000'], left: ['unreadable a (EACCES)'] });
  });

  it('entries of a folder that must not be searched, but says which there are', async () => {
    writeTree(folder(), { 'a/b': '', 'a/c': '' });
    chmodSync(at('a'), 0o744);
    const result = await asPlainUser(() => scanned(folder(), { filter: without('c') }));
    chmodSync(at('a'), 0o755);
    expect(result).toEqual({ found: ['a/'], left: ['excluded a/c', 'unreadable a/b (EACCES)'] });
  });

  it('nothing of a root that must not be read: that is an error', async () => {
    writeTree(folder(), { 'a/b': '' });
    chmodSync(at('a'), 0);
    const error = await asPlainUser(() => scanned(at('a')).catch((error: unknown) => error));
    chmodSync(at('a'), 0o755);
    expect(codeOf(error)).toBe('E_ROOT_UNREADABLE');
  });

  it('a folder that goes away before it is read', async () => {
    writeTree(folder(), { 'a/b': '' });
    // At the third glance `a` has been seen, but not what is in it.
    const now = onGlance(3, () => rmSync(at('a'), { recursive: true }));
    expect(await scanned(folder(), { now })).toEqual({ found: [], left: ['unreadable a (ENOENT)'] });
  });

  it('a folder that goes away while it is read, with all that was seen in it', async () => {
    writeTree(folder(), { 'a/b/c': '', 'a/d/e': '', 'a/f': '' });
    // 1 begin, 2 name of a, 3 a itself, 4 to 6 names in a, 7 the first of them itself.
    const now = onGlance(7, () => renameSync(at('a'), at('b')));
    expect(await scanned(folder(), { now })).toEqual({ found: [], left: ['unreadable a (it went away)'] });
  });

  it('what is nested deeper than a path can be long', async () => {
    const long = Array.from({ length: 15 }, () => 'x'.repeat(200)).join('/');
    mkdirSync(at(`upper/${long}`), { recursive: true });
    mkdirSync(at(`lower/${long}`), { recursive: true });
    renameSync(at('lower'), at(`upper/${long}/lower`));
    const { found, left } = await scanned(folder());
    // Back again, so that it can be removed.
    renameSync(at(`upper/${long}/lower`), at('lower'));
    expect(found.length).toBeGreaterThan(16);
    expect(left).toEqual([jasmine.stringMatching(/^unreadable upper\/x.*\/lower\/x.*x \(ENAMETOOLONG\)$/)]);
  });

  it('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('s'), resolve));
    const result = await scanned(folder());
    await new Promise((resolve) => server.close(resolve));
    expect(result).toEqual({ found: [], left: ['special s'] });
  });

  describe('of links, when they are skipped,', () => {
    it('all, and looks at none', async () => {
      writeTree(folder(), { a: 'xy', 'b/c': '' });
      symlinkSync('a', at('to-file'));
      symlinkSync('b', at('to-folder'));
      symlinkSync('nothing', at('to-nothing'));
      expect((await scanned(folder())).left).toEqual(['link to-file', 'link to-folder', 'link to-nothing']);
    });

    it('those the filter leaves out without a report', async () => {
      symlinkSync('a', at('b'));
      expect(await scanned(folder(), { filter: without('b/') })).toEqual({ found: [], left: ['excluded b'] });
    });
  });

  describe('of links, when they are followed,', () => {
    const follow = { links: 'follow' } as const;

    it('none that leads to a file or a folder', async () => {
      writeTree(folder(), { 'r/': '', a: 'xy', 'b/c': '' });
      symlinkSync('../a', at('r/to-file'));
      symlinkSync('../b', at('r/to-folder'));
      expect(await scanned(at('r'), follow)).toEqual({
        found: ['to-file 2 1000000000000', 'to-folder/', 'to-folder/c 0 1000000000000'],
        left: [],
      });
    });

    it('not the same folder met twice side by side', async () => {
      writeTree(folder(), { 'a/b': '' });
      symlinkSync('a', at('c'));
      symlinkSync('a', at('d'));
      expect((await scanned(folder(), follow)).left).toEqual([]);
    });

    it('one to nothing', async () => {
      writeTree(folder(), { a: '' });
      symlinkSync('nothing', at('b'));
      symlinkSync('a/nothing', at('c'));
      expect((await scanned(folder(), follow)).left).toEqual(['dangling b (ENOENT)', 'dangling c (ENOTDIR)']);
    });

    it('one to itself', async () => {
      symlinkSync('b', at('b'));
      expect((await scanned(folder(), follow)).left).toEqual(['loop b (ELOOP)']);
    });

    it('one to the root, to its own folder, or to one above', async () => {
      mkdirSync(at('a/b'), { recursive: true });
      symlinkSync('../..', at('a/b/to-root'));
      symlinkSync('.', at('a/b/to-own'));
      symlinkSync('..', at('a/b/to-parent'));
      expect(await scanned(folder(), follow)).toEqual({
        found: ['a/', 'a/b/'],
        left: ['loop a/b/to-own', 'loop a/b/to-parent', 'loop a/b/to-root'],
      });
    });

    it('the second of two that lead to each other', async () => {
      mkdirSync(at('r'));
      writeTree(folder(), { 'a/': '', 'b/': '' });
      symlinkSync('../a', at('r/a'));
      symlinkSync('../b', at('a/b'));
      symlinkSync('../a', at('b/a'));
      expect(await scanned(at('r'), follow)).toEqual({ found: ['a/', 'a/b/'], left: ['loop a/b/a'] });
    });

    it('one to a folder that must not be searched', async () => {
      writeTree(folder(), { 'r/': '', 'a/b': '' });
      symlinkSync('../a/b', at('r/c'));
      chmodSync(at('a'), 0);
      const { left } = await asPlainUser(() => scanned(at('r'), follow));
      chmodSync(at('a'), 0o755);
      expect(left).toEqual(['unreadable c (EACCES)']);
    });

    it('those the filter leaves out for what they lead to', async () => {
      writeTree(folder(), { 'r/': '', 'a/b': '' });
      symlinkSync('../a', at('r/c'));
      writeFileSync(at('r/d'), '');
      expect((await scanned(at('r'), { ...follow, filter: without('c/\nd/') })).left).toEqual(['excluded c']);
    });

    it('what lies deeper than the scan may look', async () => {
      writeTree(folder(), { 'r/': '', 'a/b': '' });
      symlinkSync('../a', at('r/c'));
      expect(await scanned(at('r'), { ...follow, maxDepth: 1 })).toEqual({ found: ['c/'], left: ['too-deep c'] });
    });
  });
});
