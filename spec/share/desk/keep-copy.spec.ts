import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discardCopies, keepCopy } from '../../../lib/share/desk/keep-copy.ts';
import { Trash } from '../../../lib/share/disk/trash.ts';
import { originalOf } from '../../../lib/share/model/conflict-name.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const COPY = 'd/a.conflict-20261122-150312-1f3a9c2.txt';
const OTHER = 'd/a.conflict-20261122-150313-2f3a9c2.txt';

describe('keepCopy', () => {
  const folder = temporaryFolder();
  let trash: Trash;

  beforeEach(() => {
    trash = new Trash(join(folder(), 'trash'), new ManualClock(Date.UTC(2026, 10, 22)));
    mkdirSync(join(folder(), 'share', 'd'), { recursive: true });
  });

  function write(path: string): void {
    writeFileSync(join(folder(), 'share', path), `of ${path}`);
  }

  function keep(names: readonly string[], copies: readonly string[] = [COPY, OTHER]) {
    const conflicts = copies.map((path) => ({
      ...{ path, size: 1, mtimeMs: 0, original: originalOf(path) ?? '' },
      ...{ originalSize: null, originalMtimeMs: null, isOriginalFolder: false },
    }));
    return keepCopy(names, { root: join(folder(), 'share'), trash, conflicts });
  }

  function textAt(...names: readonly string[]): string {
    return readFileSync(join(folder(), ...names), 'utf8');
  }

  it('puts a copy in the place of the original, and all others into the trash', () => {
    for (const path of ['d/a.txt', COPY, OTHER]) write(path);
    expect(keep([COPY])).toEqual({
      kept: 'd/a.txt',
      from: COPY,
      trashed: ['2026-11-22/d/a.txt', `2026-11-22/${OTHER}`],
    });
    expect(readdirSync(join(folder(), 'share', 'd'))).toEqual(['a.txt']);
    expect(textAt('share', 'd', 'a.txt')).toBe(`of ${COPY}`);
    expect(textAt('trash', '2026-11-22', 'd', 'a.txt')).toBe('of d/a.txt');
    expect(textAt('trash', '2026-11-22', OTHER)).toBe(`of ${OTHER}`);
  });

  it('puts a copy where the original was, when that is gone', () => {
    write(COPY);
    expect(keep([COPY], [COPY])).toEqual({ kept: 'd/a.txt', from: COPY, trashed: [] });
    expect(textAt('share', 'd', 'a.txt')).toBe(`of ${COPY}`);
  });

  it('takes the first name that is one', () => {
    for (const path of ['d/a.txt', COPY]) write(path);
    expect(keep(['share/d/a.txt', 'd/a.txt'], [COPY])).toEqual({
      kept: 'd/a.txt',
      from: null,
      trashed: [`2026-11-22/${COPY}`],
    });
    expect(readdirSync(join(folder(), 'share', 'd'))).toEqual(['a.txt']);
  });

  it('does without a copy that somebody has just removed, when it is to go anyway', () => {
    for (const path of ['d/a.txt', OTHER]) write(path);
    expect(keep(['d/a.txt']).trashed).toEqual([`2026-11-22/${OTHER}`]);
  });

  it('changes nothing when the copy that is to stay has just been removed', () => {
    for (const path of ['d/a.txt', OTHER]) write(path);
    expect(() => keep([COPY])).toThrowMatching(({ code }: { code: string }) => code === 'E_IN_THE_WAY');
    expect(readdirSync(join(folder(), 'share', 'd')).length).toBe(2);
    expect([...trash.list()]).toEqual([]);
  });

  it('takes the place of a link, and leaves alone what that leads to', () => {
    write(COPY);
    writeFileSync(join(folder(), 'elsewhere'), 'outside');
    symlinkSync('../../elsewhere', join(folder(), 'share', 'd', 'a.txt'));
    keep([COPY], [COPY]);
    expect(textAt('share', 'd', 'a.txt')).toBe(`of ${COPY}`);
    expect(textAt('elsewhere')).toBe('outside');
  });

  it('does nothing through a folder that is a link by now', () => {
    mkdirSync(join(folder(), 'outside'));
    const copy = COPY.replace('d/', 'e/');
    writeFileSync(join(folder(), 'outside', copy.slice(2)), 'text');
    symlinkSync('../outside', join(folder(), 'share', 'e'));
    for (const name of [copy, 'e/a.txt']) {
      expect(() => keep([name], [copy])).toThrowMatching(({ code }: { code: string }) => code === 'E_IN_THE_WAY');
    }
    expect(readdirSync(join(folder(), 'outside'))).toEqual([copy.slice(2)]);
  });

  it('gives no shorter name to a copy whose name had to be cut', () => {
    const ending = '.conflict-20261122-150312-1f3a9c2.txt';
    const long = `d/${'n'.repeat(255 - ending.length)}${ending}`;
    write(long);
    expect(() => keep([long], [long])).toThrowMatching(({ code }: { code: string }) => code === 'E_NO_CONFLICT');
    expect(readdirSync(join(folder(), 'share', 'd'))).toEqual([long.slice(2)]);
  });
});

describe('discardCopies', () => {
  const folder = temporaryFolder();

  it('puts aside what can be moved, and tells the path of what cannot', () => {
    mkdirSync(join(folder(), 'share', 'd'), { recursive: true });
    mkdirSync(join(folder(), 'outside'));
    symlinkSync('../outside', join(folder(), 'share', 'e'));
    const behind = COPY.replace('d/', 'e/');
    const blocked = `f/${COPY.slice(2)}`;
    mkdirSync(join(folder(), 'share', 'f'));
    for (const path of [COPY, OTHER, behind, blocked]) writeFileSync(join(folder(), 'share', path), path);
    const trash = new Trash(join(folder(), 'trash'), new ManualClock(Date.UTC(2026, 10, 22)));
    const placeFor = trash.placeFor.bind(trash);
    spyOn(trash, 'placeFor').and.callFake((path) => {
      // As on a disk of its own that is mounted there.
      if (path === blocked) throw Object.assign(new Error(), { code: 'EXDEV' });
      return placeFor(path);
    });
    const copies = [behind, COPY, blocked, 'd/gone', OTHER];
    const { discarded, failures } = discardCopies(copies, { root: join(folder(), 'share'), trash });
    expect(discarded).toEqual([COPY, OTHER]);
    expect([...trash.list()].map(({ path }) => path)).toEqual([COPY, OTHER]);
    expect(failures.map(({ message }) => message)).toEqual([
      `${behind} lies behind the link e, where nothing is changed: move it yourself`,
      `${blocked} cannot be put into the trash: it lies on another disk`,
    ]);
  });
});
