import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyProgram, KiB, MiB, writeFolder, writeRandom, writeSparse, writeWords } from '../../support/share/files.ts';
import { shareScenes } from '../../support/share/share-scene.ts';
import { untilTrue } from '../../support/share/until.ts';

// Of which a peer may take so much, whatever is in the share.
const MOST_MEMORY = 200 * MiB;

describe('share, and what can be in a folder', () => {
  const sceneOf = shareScenes();

  it('R1: brings files of any content, size and name over as they are', async () => {
    const scene = await sceneOf(2);
    const { peers } = scene;
    const [a, b] = [scene.peer(0), scene.peer(1)];
    const sizes = [0, 1, 65_535, 65_536, 65_537, 262_144, 300_000, 3 * MiB + 1];
    for (const size of sizes) writeRandom(a.at(`random ${size}`), size);
    writeWords(a.at('words.txt'), 200_000);
    writeSparse(a.at('zeros'), MiB);
    copyProgram(a.at('program'));
    const names = [
      'two words',
      'ж 漢字 😀',
      '|*|',
      'line\nbreak',
      '"quoted\'',
      '-dash',
      'back\\slash',
      ' ',
      '~',
      'a'.repeat(255),
    ];
    for (const name of names) writeFileSync(a.at(name), name);
    await scene.startAll();
    const tree = await scene.allHave(0);
    expect(tree.size).toBe(sizes.length + names.length + 3);
    expect(tree.get('program')).toMatch(/ x$/);
    expect(peers.length).toBe(2);
    expect(readFileSync(b.at('line\nbreak'), 'utf8')).toBe('line\nbreak');
  });

  it('R2: brings folders over, deep ones, empty ones and those with many files', async () => {
    const scene = await sceneOf(2);
    const deep = Array.from({ length: 30 }, (_, depth) => `level ${depth}`);
    mkdirSync(scene.peer(0).at(...deep), { recursive: true });
    writeFileSync(scene.peer(0).at(...deep, 'bottom'), 'here');
    mkdirSync(scene.peer(0).at('empty', 'in empty'), { recursive: true });
    writeFolder(scene.peer(0).at('course'));
    await scene.startAll();
    const tree = await scene.allHave(0);
    expect(tree.size).toBe(31 + 2 + 51);
    // While they run, as well.
    mkdirSync(scene.peer(1).at('later', 'and below'), { recursive: true });
    writeFolder(scene.peer(1).at('later', 'and below', 'course'));
    expect((await scene.allHave(1)).size).toBe(84 + 53);
  });

  it('R3: brings hidden files and folders over', async () => {
    const scene = await sceneOf(2);
    const a = scene.peer(0);
    mkdirSync(a.at('.d', '.e'), { recursive: true });
    mkdirSync(a.at('.git', 'objects', '0a'), { recursive: true });
    for (const names of [
      ['.a'],
      ['.d', '.e', 'f'],
      ['..x'],
      ['.git', 'HEAD'],
      ['.git', 'objects', '0a', 'ff'],
      ['...'],
    ]) {
      writeFileSync(a.at(...names), names.join('/'));
    }
    await scene.startAll();
    expect((await scene.allHave(0)).size).toBe(11);
  });

  it('R4, R31: brings large files over in little memory', async () => {
    const scene = await sceneOf(2);
    writeRandom(scene.peer(0).at('large'), 96 * MiB);
    writeSparse(scene.peer(0).at('sparse'), 128 * MiB);
    await scene.startAll();
    await scene.allHave(0);
    const [one, other] = scene.peers.map(({ peak }) => peak);
    setSpecProperty(
      'most memory, MiB',
      [one, other].map((peak) => Math.round((peak ?? 0) / MiB)),
    );
    expect(one).toBeLessThan(MOST_MEMORY);
    expect(other).toBeLessThan(MOST_MEMORY);
  });

  it('R24: shares what links point to, and ends where they lead in circles', async () => {
    const scene = await sceneOf(2);
    const a = scene.peer(0);
    const outside = join(a.place.folder, 'data');
    writeFolder(join(outside, 'folder'));
    writeRandom(join(outside, 'file'), 100 * KiB);
    a.at();
    symlinkSync(join(outside, 'file'), a.at('file'));
    symlinkSync(join(outside, 'folder'), a.at('folder'));
    await scene.startAll();
    const tree = await scene.allHave(0);
    expect(tree.size).toBe(52);
    const b = scene.peer(1);
    expect([lstatSync(b.at('file')).isFile(), lstatSync(b.at('folder')).isDirectory()]).toEqual([true, true]);
    expect(lstatSync(a.at('file')).isSymbolicLink()).toBeTrue();
    symlinkSync('.', a.at('circle'));
    symlinkSync('nowhere', a.at('dangling'));
    writeFileSync(a.at('after'), 'all goes on');
    await untilTrue(
      () => lstatSync(b.at('after'), { throwIfNoEntry: false }) !== undefined,
      10_000,
      () => scene.log,
    );
    expect(lstatSync(b.at('dangling'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('R24: brings over what is changed behind a link', async () => {
    const scene = await sceneOf(2);
    const outside = join(scene.peer(0).place.folder, 'data');
    writeFolder(join(outside, 'folder'));
    scene.peer(0).at();
    symlinkSync(join(outside, 'folder'), scene.peer(0).at('folder'));
    await scene.startAll();
    await scene.allHave(0);
    writeFileSync(join(outside, 'folder', 'new'), 'new');
    await scene.allHave(0);
    expect(readFileSync(scene.peer(1).at('folder', 'new'), 'utf8')).toBe('new');
  });
});
