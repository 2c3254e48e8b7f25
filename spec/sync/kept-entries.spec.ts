import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { syncScene } from '../support/sync-scene.ts';

describe('What falls out of the mirror without being removed', () => {
  const scene = syncScene();

  it('stays on the far side when a filter is added', async () => {
    for (const path of ['a/f.log', 'a/f', 'b.log', 'd/f']) scene().write(path, 'x');
    await scene().cycle();
    scene().exclude('*.log', 'd/');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, foldersRemoved: 0, failed: 0 }));
    expect(Object.keys(scene().far()).sort()).toEqual(['a', 'a/f', 'a/f.log', 'b.log', 'd', 'd/f']);
  });

  it('keeps its folder there when that is gone on the near side', async () => {
    for (const path of ['a/b/f.log', 'a/b/g', 'a/h', 'z']) scene().write(path, 'x');
    await scene().cycle();
    scene().exclude('*.log');
    scene().remove('a');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 2, foldersRemoved: 0, failed: 0 }));
    expect(scene().far()).toEqual({ a: null, 'a/b': null, 'a/b/f.log': 1, z: 1 });
    expect(scene().known()).toEqual(scene().far());
  });

  it('is mirrored again when the filter is gone', async () => {
    scene().write('a.log', 'x');
    scene().write('b.log', 'x');
    scene().write('c', 'x');
    await scene().cycle();
    scene().exclude('*.log');
    scene().write('a.log', 'longer');
    scene().remove('b.log');
    await scene().cycle();
    expect(scene().far()).toEqual({ 'a.log': 1, 'b.log': 1, c: 1 });
    scene().exclude();
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesSent: 1, filesRemoved: 1 }));
    expect(scene().far()).toEqual({ 'a.log': 6, c: 1 });
  });

  it('depends on what the filter says at the begin of each cycle', async () => {
    let ignored = '';
    scene().use({ filter: () => makeFilter({ patterns: parsePatterns(ignored, '.ignore') }) });
    scene().write('a', 'x');
    await scene().cycle();
    ignored = '*.log';
    scene().write('b.log', 'x');
    await scene().cycle();
    expect(scene().far()).toEqual({ a: 1 });
    ignored = '';
    await scene().cycle();
    expect(scene().far()).toEqual({ a: 1, 'b.log': 1 });
  });

  it('stays when the depth is lowered, and follows again when it is raised', async () => {
    for (const path of ['a/b/f', 'a/g', 'h']) scene().write(path, 'x');
    await scene().cycle();
    scene().use({ maxDepth: 1 });
    scene().remove('a/b/f');
    scene().write('a/new', 'x');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, filesSent: 0, leftOut: 0 }));
    scene().use({ maxDepth: 2 });
    await scene().cycle();
    expect(Object.keys(scene().far()).sort()).toEqual(['a', 'a/b', 'a/b/f', 'a/g', 'a/new', 'h']);
    scene().use({ maxDepth: 3 });
    await scene().cycle();
    expect(Object.keys(scene().far()).sort()).toEqual(['a', 'a/b', 'a/g', 'a/new', 'h']);
  });

  it('stays when a folder too deep to be looked at is gone', async () => {
    scene().write('a/b/f', 'x');
    scene().write('c', 'x');
    await scene().cycle();
    scene().use({ maxDepth: 1 });
    scene().remove('a');
    expect((await scene().cycle()).failed).toBe(0);
    expect(scene().far()).toEqual({ a: null, 'a/b': null, 'a/b/f': 1, c: 1 });
  });

  it('stays when a link takes its place', async () => {
    scene().write('a/f', 'x');
    scene().write('c', 'x');
    await scene().cycle();
    scene().remove('a');
    symlinkSync('.', join(scene().near, 'a'));
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, leftOut: 1, unreadable: 0 }));
    expect(scene().far()).toEqual({ a: null, 'a/f': 1, c: 1 });
  });

  it('stays when a folder cannot be read, and so does all that vanished, until it can', async () => {
    scene().write('d/f', 'x');
    scene().write('gone', 'x');
    scene().write('c', 'x');
    await scene().cycle();
    scene().remove('gone');
    makeUnreadable();
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, putOff: 1, unreadable: 1 }));
    expect(scene().far()).toEqual({ d: null, 'd/f': 1, gone: 1, c: 1 });
    expect(scene().logger.lines).toContain(jasmine.stringMatching(/^warn Left out : d, it cannot be read/));
    scene().remove('d');
    scene().makeFolder('d');
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 2, putOff: 0, unreadable: 0 }));
    expect(scene().far()).toEqual({ d: null, c: 1 });
  });

  it('is told to wait in a dry run as in a cycle', async () => {
    scene().write('d/f', 'x');
    scene().write('gone', 'x');
    scene().write('c', 'x');
    await scene().cycle();
    scene().remove('gone');
    makeUnreadable();
    scene().use({ dryRun: true });
    expect(await scene().cycle()).toEqual(jasmine.objectContaining({ filesRemoved: 0, putOff: 1, unreadable: 1 }));
    expect(scene().logger.lines.filter((line) => line.includes('Dry run'))).toEqual([]);
  });

  it('stays in a dry run, too, when it is a folder in which others have something', async () => {
    for (const path of ['d/f', 'e/g/f', 'c']) scene().write(path, 'x');
    scene().makeFolder('empty');
    await scene().cycle();
    for (const path of ['d/theirs', 'empty/theirs']) scene().transport.tree.putFile(path, 'of others');
    for (const path of ['d', 'e', 'empty']) scene().remove(path);
    for (const dryRun of [true, false]) {
      scene().use({ dryRun });
      scene().logger.lines.length = 0;
      expect(await scene().cycle()).toEqual(
        jasmine.objectContaining({ filesRemoved: 2, foldersRemoved: 2, failed: 0 }),
      );
      expect(
        scene()
          .logger.lines.filter((line) => line.startsWith('warn'))
          .sort(),
      ).toEqual([
        'warn Folder left : d, others have entries in it',
        'warn Folder left : empty, others have entries in it',
      ]);
    }
  });

  it('takes the room of what should be there: that is told, counted and left, in a dry run too', async () => {
    for (const path of ['x/kept.log', 'x/f', 'gone', 'c']) scene().write(path, 'x');
    await scene().cycle();
    scene().exclude('*.log');
    scene().remove('x');
    scene().remove('gone');
    scene().write('x', 'now a file');
    const line =
      'error No room : x, the site has an entry of that name that stays, since something in it is left out or cannot be seen';
    for (const dryRun of [true, false]) {
      scene().use({ dryRun });
      scene().logger.lines.length = 0;
      expect(await scene().cycle()).toEqual(jasmine.objectContaining({ failed: 1, putOff: 2, filesSent: 0 }));
      expect(scene().logger.lines).toEqual([line, 'warn Removals put off : 2, to a cycle without errors']);
      expect(scene().far()).toEqual({ x: null, 'x/kept.log': 1, 'x/f': 1, gone: 1, c: 1 });
    }
  });

  /**
   * Put a link in place of the folder d whose target has a name longer than any disk takes (255 bytes): the system will
   * not say what it is, to root neither, whom no missing right stops.
   */
  function makeUnreadable(): void {
    scene().remove('d');
    symlinkSync('n'.repeat(300), join(scene().near, 'd'));
    scene().use({ links: 'follow' });
  }
});
