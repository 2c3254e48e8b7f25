import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FilesError } from '../../lib/files/files-error.ts';
import { GuardError } from '../../lib/sync/guards.ts';
import type { Plan } from '../../lib/sync/plan.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';
import { syncScene } from '../support/sync-scene.ts';

const DONE = { failed: 0, changedMeanwhile: 0, putOff: 0, notBegun: 0, unreadable: 0, leftOut: 0 };

for (const ignoresCase of [false, true]) {
  describe(`A cycle to a far side ${ignoresCase ? 'that ignores case' : 'where case counts'}`, () => {
    const scene = syncScene({ ignoresCase });

    /** A cycle without failures, after which both sides and the journal agree. */
    async function cycle() {
      const summary = await scene().cycle();
      expect(summary).toEqual(jasmine.objectContaining(DONE));
      expect(scene().known()).toEqual(scene().far());
      scene().restart();
      expect(scene().known()).toEqual(scene().far());
      return summary;
    }

    it('sends everything at first', async () => {
      const { write, makeFolder } = bound();
      write('f', 'one');
      write('a/b/g', 'two');
      makeFolder('empty/deeper');
      const { foldersMade, filesSent, bytesSent, cycle: number } = await cycle();
      expect({ foldersMade, filesSent, bytesSent, number }).toEqual({
        foldersMade: 4,
        filesSent: 2,
        bytesSent: 6,
        number: 1,
      });
      expect(scene().transport.tree.all()).toEqual({
        a: null,
        'a/b': null,
        'a/b/g': 'two',
        empty: null,
        'empty/deeper': null,
        f: 'one',
      });
    });

    it('makes not one call when nothing has changed', async () => {
      bound().write('a/f', 'one');
      await cycle();
      scene().transport.calls.length = 0;
      const { filesSent, foldersMade, filesRemoved, foldersRemoved } = await cycle();
      expect(filesSent + foldersMade + filesRemoved + foldersRemoved).toBe(0);
      expect(scene().transport.calls).toEqual([]);
    });

    it('sends what has another size or another time, and nothing else', async () => {
      const { write } = bound();
      for (const path of ['same', 'longer', 'touched']) write(path, path);
      await cycle();
      write('longer', 'longer than it was');
      write('touched', 'TOUCHED');
      expect((await cycle()).filesSent).toBe(2);
      expect(scene().transport.tree.all()).toEqual({
        same: 'same',
        longer: 'longer than it was',
        touched: 'TOUCHED',
      });
    });

    it('adds and removes files and folders', async () => {
      const { write, remove, makeFolder } = bound();
      for (const path of ['old/f', 'old/deeper/g', 'stays/f', 'stays/g']) write(path, 'x');
      makeFolder('old/empty');
      await cycle();
      remove('old');
      remove('stays/g');
      write('new/f', 'y');
      const { foldersMade, filesRemoved, foldersRemoved } = await cycle();
      expect({ foldersMade, filesRemoved, foldersRemoved }).toEqual({
        foldersMade: 1,
        filesRemoved: 3,
        foldersRemoved: 3,
      });
      expect(scene().far()).toEqual({ stays: null, 'stays/f': 1, new: null, 'new/f': 1 });
    });

    it('makes a file a folder, and a folder a file', async () => {
      const { write, remove } = bound();
      write('x', 'x');
      write('y/d/f', 'x');
      await cycle();
      remove('x');
      remove('y');
      write('x/d/f', 'now a folder');
      write('y', 'now a file');
      await cycle();
      expect(scene().far()).toEqual({ x: null, 'x/d': null, 'x/d/f': 12, y: 10 });
    });

    it('follows a rename', async () => {
      bound().write('a/f', 'x');
      await cycle();
      renameSync(join(scene().near, 'a'), join(scene().near, 'b'));
      await cycle();
      expect(scene().far()).toEqual({ b: null, 'b/f': 1 });
    });

    it('follows a change of case in the names of files and folders', async () => {
      const { write, near } = bound();
      write('readme', 'x');
      write('photos/beach', 'x');
      await cycle();
      renameSync(join(near, 'readme'), join(near, 'README'));
      renameSync(join(near, 'photos'), join(near, 'Photos'));
      await cycle();
      expect(scene().far()).toEqual({ README: 1, Photos: null, 'Photos/beach': 1 });
    });

    it('follows a change of normalisation', async () => {
      const [composed, decomposed] = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
      bound().write(composed, 'x');
      await cycle();
      renameSync(join(scene().near, composed), join(scene().near, decomposed));
      await cycle();
      expect(scene().far()).toEqual({ [decomposed]: 1 });
    });

    it('keeps a name of the near side whose twin goes', async () => {
      const { write, remove } = bound();
      for (const path of ['readme', 'README', 'd/f', 'D/f', 'D/g']) write(path, path);
      await scene().cycle();
      remove('readme');
      remove('d');
      expect(await scene().cycle()).toEqual(jasmine.objectContaining(DONE));
      expect(scene().known()).toEqual({ README: 6, D: null, 'D/f': 3, 'D/g': 3 });
      // A far side that ignores case may go on to write a folder as it was written first.
      const all = Object.entries(scene().transport.tree.all());
      expect(all.map(([path, content]) => `${path.toLowerCase()} ${content}`).sort()).toEqual([
        'd null',
        'd/f D/f',
        'd/g D/g',
        'readme README',
      ]);
    });

    it('leaves a renamed folder in which others have something, and makes the new one', async () => {
      const { write, near } = bound();
      write('photos/beach', 'x');
      await cycle();
      scene().transport.tree.putFile('photos/stranger', 's');
      renameSync(join(near, 'photos'), join(near, 'Photos'));
      expect(await scene().cycle()).toEqual(jasmine.objectContaining(DONE));
      const far = scene().transport.tree;
      expect(far.at('Photos/beach')?.kind).toBe('file');
      expect(far.at('photos/stranger')?.kind).toBe('file');
      expect(scene().known()).toEqual({ Photos: null, 'Photos/beach': 1 });
    });

    it('removes what went while the mirror was not running', async () => {
      const { write, remove } = bound();
      write('a/f', 'x');
      write('b', 'x');
      await cycle();
      remove('a');
      scene().restart();
      expect(await cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 1, foldersRemoved: 1 }));
    });

    it('never removes what others put there', async () => {
      const { write, remove } = bound();
      write('a/f', 'x');
      write('b', 'x');
      await cycle();
      scene().transport.tree.putFile('a/stranger', 's');
      scene().transport.tree.putFile('stranger', 's');
      remove('a');
      expect(await scene().cycle()).toEqual(jasmine.objectContaining({ ...DONE, filesRemoved: 1, foldersRemoved: 0 }));
      expect(scene().transport.tree.all()).toEqual({ a: null, 'a/stranger': 's', b: 'x', stranger: 's' });
      expect(scene().logger.lines).toContain('warn Folder left : a, others have entries in it');
      expect(scene().known()).toEqual({ b: 1 });
      write('a/f', 'again');
      await scene().cycle();
      expect(scene().known()).toEqual(scene().far('stranger', 'a/stranger'));
    });

    it('takes the name of a folder of others for a failure, and touches nothing in it', async () => {
      const { write, remove } = bound();
      write('a/f', 'x');
      await cycle();
      scene().transport.tree.putFile('a/stranger', 's');
      remove('a');
      write('a', 'now a file');
      expect((await scene().cycle()).failed).toBe(2);
      expect((await scene().cycle()).failed).toBe(2);
      expect(scene().transport.tree.all()).toEqual({ a: null, 'a/stranger': 's' });
      expect(scene().logger.lines).toContain('error Not begun : 1 more, since what they need failed');
      scene().transport.tree.take('a/stranger');
      await cycle();
      expect(scene().far()).toEqual({ a: 10 });
    });

    function bound() {
      const it = scene();
      return {
        near: it.near,
        write: it.write.bind(it),
        remove: it.remove.bind(it),
        makeFolder: it.makeFolder.bind(it),
      };
    }
  });
}

describe('A cycle', () => {
  const scene = syncScene();

  it('stops when the near folder is gone, and removes nothing', async () => {
    scene().write('f', 'x');
    await scene().cycle();
    rmSync(scene().near, { recursive: true });
    await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /nothing was removed from the site/);
    expect(scene().far()).toEqual({ f: 1 });
  });

  it('takes a near folder that never was there for what it is', async () => {
    rmSync(scene().near, { recursive: true });
    await expectAsync(scene().cycle()).toBeRejectedWithError(FilesError);
    expect(scene().transport.calls).toEqual([]);
  });

  for (const dryRun of [false, true]) {
    const what = dryRun ? 'A dry run' : 'It';
    it(`stops when the near folder is empty all of a sudden, unless that is meant. ${what} does`, async () => {
      const guards = { maxDelete: { unit: 'entries', most: 9 }, allowEmpty: false, allowReplaced: false } as const;
      scene().write('f', 'x');
      await scene().cycle();
      scene().remove('f');
      scene().use({ guards, dryRun });
      await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /is empty/);
      expect(scene().far()).toEqual({ f: 1 });
      scene().use({ guards: { ...guards, allowEmpty: true } });
      expect((await scene().cycle()).filesRemoved).toBe(1);
      expect(scene().far()).toEqual(dryRun ? { f: 1 } : {});
    });

    it(`stops before it would remove more than it may. ${what} does`, async () => {
      for (const name of ['a', 'b', 'c', 'd']) scene().write(name, 'x');
      await scene().cycle();
      scene().remove('a');
      scene().remove('b');
      scene().write('e', 'x');
      scene().use({
        guards: { maxDelete: { unit: 'entries', most: 1 }, allowEmpty: false, allowReplaced: false },
        dryRun,
      });
      await expectAsync(scene().cycle()).toBeRejectedWithError(GuardError, /--max-delete 2/);
      expect(scene().far()).toEqual({ a: 1, b: 1, c: 1, d: 1 });
    });
  }

  it('tells of each plan before it is carried out', async () => {
    const plans: Plan[] = [];
    scene().use({ onPlan: (plan) => plans.push(plan) });
    scene().write('a/f', 'x');
    await scene().cycle();
    await scene().cycle();
    expect(plans.map(({ steps }) => steps.map(({ path }) => path))).toEqual([['a', 'a/f']]);
  });

  it('is refused when the far side cannot be reached, and goes on where it was when it can', async () => {
    scene().write('a/f', 'x');
    scene().transport.fail = ({ kind }) => (kind === 'connect' ? 'E_CONNECT' : undefined);
    await expectAsync(scene().cycle()).toBeRejectedWithError(TransferError);
    scene().transport.fail = () => undefined;
    expect((await scene().cycle()).filesSent).toBe(1);
    expect(scene().known()).toEqual(scene().far());
  });

  it('ends in spite of failures, tells them, puts removals off, and the next one makes them good', async () => {
    for (const path of ['bad/f', 'good', 'gone']) scene().write(path, 'x');
    await scene().cycle();
    scene().remove('gone');
    scene().write('bad/g', 'x');
    scene().write('new/f', 'x');
    scene().transport.fail = ({ path }) => (path === 'bad/g' || path === 'new' ? 'E_REFUSED' : undefined);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 3, putOff: 1, filesSent: 0 }));
    expect(scene().known()).toEqual(scene().far());
    expect(scene().logger.lines).toEqual(
      jasmine.arrayWithExactContents([
        'error Create folder new failed : mkdir new is made to fail',
        'error Send file bad/g (1 B) failed : upload bad/g is made to fail',
        'error Not begun : 1 more, since what they need failed',
        'warn Removals put off : 1, to a cycle without errors',
      ]),
    );
    scene().transport.fail = () => undefined;
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ ...DONE, filesSent: 2, filesRemoved: 1 }));
    expect(scene().far()).toEqual({ bad: null, 'bad/f': 1, 'bad/g': 1, good: 1, new: null, 'new/f': 1 });
  });

  it('sends a file again that changed while it was sent, and counts it for no failure', async () => {
    scene().write('f', 'old');
    scene().write('gone', 'x');
    await scene().cycle();
    scene().write('f', 'new');
    scene().remove('gone');
    scene().transport.whileReading = ({ source }) => writeFileSync(source, 'newer');
    const summary = await scene().cycle();
    expect(summary).toEqual(jasmine.objectContaining({ ...DONE, changedMeanwhile: 1, filesRemoved: 1 }));
    expect(scene().transport.tree.all()).toEqual({ f: 'old' });
    expect(scene().logger.lines).toEqual([jasmine.stringMatching(/^warn Send file f \(3 B\) put off : /)]);
    scene().transport.whileReading = () => undefined;
    await scene().cycle();
    expect(scene().transport.tree.all()).toEqual({ f: 'newer' });
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    for (const path of ['a/f', 'gone/f', 'b']) scene().write(path, 'x');
    await scene().cycle();
    scene().remove('gone');
    scene().write('new/f', 'x');
    scene().transport.calls.length = 0;
    scene().restart({ readOnly: true });
    scene().use({ dryRun: true });
    const expected = { ...DONE, foldersMade: 1, filesSent: 1, bytesSent: 1, filesRemoved: 1, foldersRemoved: 1 };
    expect(await scene().cycle()).toEqual(jasmine.objectContaining(expected));
    expect(scene().logger.lines).toEqual([
      'info Dry run : Create folder new',
      'info Dry run : Send file new/f (1 B)',
      'info Dry run : Remove file gone/f',
      'info Dry run : Remove folder gone',
    ]);
    expect(scene().transport.callsOf('mkdir', 'upload', 'remove', 'rmdir')).toEqual([]);
    expect(await scene().cycle()).toEqual(jasmine.objectContaining(expected));
  });

  it('reports each near entry that cannot be mirrored once, and counts it each time', async () => {
    scene().write('f', 'x');
    symlinkSync('f', join(scene().near, 'link'));
    const line = 'warn Left out : link, it is a symbolic link; --links follow takes in what it points to';
    expect((await scene().cycle()).leftOut).toBe(1);
    expect((await scene().cycle()).leftOut).toBe(1);
    expect(scene().logger.lines).toEqual([line]);
    rmSync(join(scene().near, 'link'));
    expect((await scene().cycle()).leftOut).toBe(0);
    symlinkSync('f', join(scene().near, 'link'));
    await scene().cycle();
    expect(scene().logger.lines).toEqual([line, line]);
  });
});
