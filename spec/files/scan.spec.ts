import { renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../lib/base/coded-error.ts';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTree } from './file-tree.ts';
import { onGlance, scanned } from './scanned.ts';

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('scan', () => {
  const folder = temporaryFolder();

  it('finds nothing in an empty folder', async () => {
    expect(await scanned(folder())).toEqual({ found: [], left: [] });
  });

  it('finds files and folders with their sizes and times', async () => {
    writeTree(folder(), { a: 'xyz', '.b/.c': '', 'd e/f/': '' });
    expect(await scanned(folder())).toEqual({
      found: ['.b/', '.b/.c 0 1000000000000', 'a 3 1000000000000', 'd e/', 'd e/f/'],
      left: [],
    });
  });

  it('takes a path with a slash at its end', async () => {
    writeTree(folder(), { 'a/b': '' });
    expect((await scanned(`${folder()}/`)).found).toEqual(['a/', 'a/b 0 1000000000000']);
  });

  it('tells sizes above 4 GiB', async () => {
    writeTree(folder(), { big: '' });
    truncateSync(join(folder(), 'big'), 5 * 2 ** 30 + 1);
    utimesSync(join(folder(), 'big'), 1, 1);
    expect((await scanned(folder())).found).toEqual([`big ${5 * 2 ** 30 + 1} 1000`]);
  });

  const times = [
    { seconds: 0, ms: 0 },
    { seconds: 1.5, ms: 1500 },
    { seconds: 0.0005, ms: 0 },
    { seconds: -1, ms: -1000 },
    { seconds: -0.0005, ms: -1 },
    { seconds: -2_000_000_000, ms: -2_000_000_000_000 },
    { seconds: 4_102_444_800, ms: 4_102_444_800_000 },
  ];
  for (const { seconds, ms } of times) {
    it(`rounds the time ${seconds} s down to ${ms} ms`, async () => {
      writeTree(folder(), { a: '' });
      // As text: Node takes a negative number for the present.
      utimesSync(join(folder(), 'a'), String(seconds), String(seconds));
      expect((await scanned(folder())).found).toEqual([`a 0 ${ms}`]);
    });
  }

  const depths = [
    { maxDepth: 1, found: ['a/', 'f 0 1000000000000'], left: ['too-deep a'] },
    { maxDepth: 2, found: ['a/', 'a/b/', 'a/f 0 1000000000000', 'f 0 1000000000000'], left: ['too-deep a/b'] },
    {
      maxDepth: 3,
      found: ['a/', 'a/b/', 'a/b/f 0 1000000000000', 'a/f 0 1000000000000', 'f 0 1000000000000'],
      left: [],
    },
  ];
  for (const { maxDepth, found, left } of depths) {
    it(`looks ${maxDepth} deep`, async () => {
      writeTree(folder(), { f: '', 'a/f': '', 'a/b/f': '' });
      expect(await scanned(folder(), { maxDepth })).toEqual({ found, left });
    });
  }

  it('refuses a depth below 1', async () => {
    for (const maxDepth of [0, -1, Number.NaN]) {
      expect(await failure(scanned(folder(), { maxDepth }))).toBeInstanceOf(RangeError);
    }
  });

  it('leaves out what the filter says, and does not look into it', async () => {
    writeTree(folder(), { 'a.log': '', 'a.txt': '', 'node_modules/a/b': '', 'x/node_modules': '' });
    const filter = makeFilter({ extensions: ['log'], patterns: parsePatterns('node_modules/') });
    expect(await scanned(folder(), { filter })).toEqual({
      found: ['a.txt 0 1000000000000', 'x/', 'x/node_modules 0 1000000000000'],
      left: ['excluded a.log', 'excluded node_modules'],
    });
  });

  it('does not miss a file that goes away before it is looked at', async () => {
    writeTree(folder(), { a: '', b: '', c: '' });
    const now = onGlance(4, () => rmSync(join(folder(), 'b')));
    const { found, left } = await scanned(folder(), { now });
    expect(found.filter((line) => !line.startsWith('b'))).toEqual(['a 0 1000000000000', 'c 0 1000000000000']);
    expect(left).toEqual([]);
  });

  it('gives others their turn when a slice is used up', async () => {
    writeTree(folder(), { a: '', b: '', 'c/d': '' });
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    let time = 0;
    // Each of the 4 names is read and looked at, and each glance at the clock takes a whole slice.
    await scanned(folder(), { sliceMs: 7, now: () => (time += 7) });
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  it('is ended by its signal before it begins', async () => {
    const reason = new Error('stop');
    expect(await failure(scanned(folder(), { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });

  it('is ended by its signal between two entries', async () => {
    writeTree(folder(), { a: '', b: '' });
    const controller = new AbortController();
    const reason = new Error('stop');
    let time = 0;
    const now = (): number => {
      time += 100;
      if (time === 500) controller.abort(reason);
      return time;
    };
    expect(await failure(scanned(folder(), { signal: controller.signal, now }))).toBe(reason);
  });

  it('is ended by its signal between two folders', async () => {
    writeTree(folder(), { 'a/b/c': '' });
    const controller = new AbortController();
    const reason = new Error('stop');
    const now = onGlance(3, () => controller.abort(reason));
    expect(await failure(scanned(folder(), { signal: controller.signal, now }))).toBe(reason);
  });
});

describe('The root of a scan', () => {
  const folder = temporaryFolder();

  const expectFailure = async (promise: Promise<unknown>, code: string, message: RegExp): Promise<void> => {
    const error = await failure(promise);
    expect(codeOf(error)).toBe(code);
    expect(messageOf(error)).toMatch(message);
    expect(messageOf(error)).not.toMatch(/\n|\.$/);
  };

  it('must be there', async () => {
    await expectFailure(
      scanned(join(folder(), 'x')),
      'E_ROOT_MISSING',
      /Scanning .*x: there is no such folder; make it/,
    );
  });

  it('must not lie in a file', async () => {
    writeFileSync(join(folder(), 'x'), '');
    await expectFailure(scanned(join(folder(), 'x', 'y')), 'E_ROOT_MISSING', /there is no such folder/);
  });

  it('must be a folder', async () => {
    writeFileSync(join(folder(), 'x'), '');
    await expectFailure(scanned(join(folder(), 'x')), 'E_ROOT_NOT_A_FOLDER', /x: it is not a folder; name/);
  });

  it('must have a name the system takes', async () => {
    const name = `${folder()}/${'x'.repeat(300)}`;
    await expectFailure(scanned(name), 'E_ROOT_UNREADABLE', /it cannot be read \(ENAMETOOLONG\); give the right/);
  });

  it('may not go away after the last entry was looked at', async () => {
    writeTree(folder(), { 'r/a': '' });
    const root = join(folder(), 'r');
    const now = onGlance(3, () => rmSync(root, { recursive: true }));
    await expectFailure(scanned(root, { now }), 'E_ROOT_MISSING', /the folder went away meanwhile/);
  });

  it('may not go away before all entries were looked at', async () => {
    writeTree(folder(), { 'r/a': '', 'r/b': '' });
    const root = join(folder(), 'r');
    const now = onGlance(3, () => rmSync(root, { recursive: true }));
    await expectFailure(scanned(root, { now }), 'E_ROOT_MISSING', /the folder went away meanwhile/);
  });

  it('may not be replaced by another meanwhile', async () => {
    writeTree(folder(), { 'r/a': '', 'other/': '' });
    const root = join(folder(), 'r');
    const now = onGlance(3, () => {
      renameSync(root, join(folder(), 'old'));
      renameSync(join(folder(), 'other'), root);
    });
    await expectFailure(scanned(root, { now }), 'E_ROOT_MISSING', /the folder went away meanwhile/);
  });
});
