import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreFrom, trashViews } from '../../../lib/share/desk/trash-shelf.ts';
import { Trash } from '../../../lib/share/disk/trash.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { makeSmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('restoreFrom', () => {
  const folder = temporaryFolder();
  const clock = new ManualClock(Date.UTC(2026, 10, 22));

  /** A share with a trash, in which `d/e/a` was thrown away. */
  function sceneIn(top: string) {
    const root = join(top, 'share');
    mkdirSync(root, { recursive: true });
    const trash = new Trash(join(top, 'trash'), clock);
    writeFileSync(trash.placeFor('d/e/a'), 'text');
    const restore = () => restoreFrom(trash, 'd/e/a', root);
    return { root, trash, restore };
  }

  function refusalOf(act: () => unknown): { readonly code: string; readonly message: string } {
    try {
      act();
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error('it was not refused');
  }

  it('puts a file back with the folders that it lay in', () => {
    const { root, trash, restore } = sceneIn(folder());
    expect(restore()).toBe('d/e/a');
    expect(readFileSync(join(root, 'd/e/a'), 'utf8')).toBe('text');
    expect(trashViews(trash)).toEqual([]);
  });

  it('loses neither of two when something lies there, be it a file, a folder or a file in place of a folder', () => {
    const { root, trash, restore } = sceneIn(folder());
    for (const [path, isFolder] of [
      ['d/e/a', false],
      ['d/e/a', true],
      ['d/e', false],
      ['d', false],
    ] as const) {
      rmSync(join(root, 'd'), { recursive: true, force: true });
      mkdirSync(join(root, path, '..'), { recursive: true });
      if (isFolder) mkdirSync(join(root, path));
      writeFileSync(isFolder ? join(root, path, 'in it') : join(root, path), 'mine');
      expect(refusalOf(restore).code).toBe('E_IN_THE_WAY');
      expect(readFileSync(isFolder ? join(root, path, 'in it') : join(root, path), 'utf8')).toBe('mine');
      expect(trashViews(trash).map(({ path: thrown }) => thrown)).toEqual(['d/e/a']);
    }
  });

  describe('on a disk', () => {
    const disk = { current: undefined as ReturnType<typeof makeSmallDisk> | undefined };

    afterEach(() => disk.current?.dispose());

    function smallDisk() {
      const top = join(folder(), 'disk');
      const made = makeSmallDisk(top, 256);
      disk.current = made;
      if (!made.isShared) pending('no disk can be mounted here');
      return { top, made };
    }

    it('that is full needs no room for what is put back', () => {
      const { top } = smallDisk();
      const { root, restore } = sceneIn(top);
      expect(() => writeFileSync(join(top, 'filling'), Buffer.alloc(1024 ** 2))).toThrowError(/ENOSPC/);
      expect(restore()).toBe('d/e/a');
      expect(readFileSync(join(root, 'd/e/a'), 'utf8')).toBe('text');
    });

    it('that takes no changes leaves all as it is, and says so in words', () => {
      const { top, made } = smallDisk();
      const { root, trash, restore } = sceneIn(top);
      made.takeNoChanges();
      expect(refusalOf(restore)).toEqual(
        jasmine.objectContaining({
          code: 'E_NOT_TAKEN',
          message: 'd/e/a cannot be put back: the disk may only be read',
        }),
      );
      expect(readdirSync(root)).toEqual([]);
      expect(trashViews(trash).length).toBe(1);
    });
  });

  it('leaves no folders behind that it has made for a file that cannot be put back', () => {
    const { root, trash } = sceneIn(folder());
    const isGone = spyOn(trash, 'restore').and.throwError(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
    expect(refusalOf(() => restoreFrom(trash, 'd/e/a', root)).message).toBe(
      'd/e/a cannot be put back: the disk is full',
    );
    expect(isGone).toHaveBeenCalledTimes(1);
    expect(readdirSync(root)).toEqual([]);
  });
});
