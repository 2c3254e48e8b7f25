import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RealFolders } from '../../../lib/share/disk/real-folders.ts';
import { makeSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { contentOf, NOTHING, ShareScene, shareScene } from './share-scene.ts';

const UNKNOWN = { content: NOTHING, stamp: '' };

// Puts a link to `outside` in the place of the folder `d`, and takes it away, as fast as it can.
const SWAPPER = `
  import fs from 'node:fs';
  const [d, outside] = process.argv.slice(1);
  const attempt = (act) => { try { act(); } catch {} };
  console.log('begins');
  for (;;) {
    attempt(() => fs.renameSync(d, d + '.real'));
    attempt(() => fs.symlinkSync(outside, d));
    attempt(() => fs.unlinkSync(d));
    attempt(() => fs.renameSync(d + '.real', d));
  }`;

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

describe('A parent replaced by a link between check and write', () => {
  const scene = shareScene();

  it('leads nowhere else: the file comes into the folder that was checked', () => {
    const outside = join(scene().top, 'outside');
    mkdirSync(outside);
    scene().makeFolder('a/b');
    const folders = new RealFolders(scene().root);
    const place = folders.at('a/b/file');
    renameSync(scene().at('a'), scene().at('moved'));
    mkdirSync(join(outside, 'b'));
    symlinkSync(outside, scene().at('a'));
    if (place.kind === 'place') writeFileSync(place.where, 'x', { flag: 'wx' });
    expect(readdirSync(join(outside, 'b'))).toEqual([]);
    expect(scene().read('moved/b/file')).toBe('x');
    folders.release();
    expect(folders.at('a/b/file')).toEqual({ kind: 'link', path: 'a' });
    folders.release();
  });

  it('is seen where the system gives no names to open folders, when it is there before', () => {
    const folders = new RealFolders(scene().root, false);
    scene().makeFolder('a');
    scene().write('file', 'x');
    symlinkSync('a', scene().at('link'));
    expect(folders.at('a/new')).toEqual({ kind: 'place', where: scene().at('a/new') });
    expect(folders.at('link/new')).toEqual({ kind: 'link', path: 'link' });
    expect([folders.at('file/new').kind, folders.at('no/new').kind]).toEqual(['missing', 'missing']);
    folders.release();
  });

  it('cannot be named by a path that leads elsewhere', async () => {
    for (const path of ['', '..', '../x', 'a/../x', './x', 'a//x', '/etc/x', 'x\0']) {
      expect((await scene().put(path, 'x', { from: UNKNOWN })).result).not.toBe('done');
    }
    expect(readdirSync(scene().top).sort()).toEqual(['.left', 'share']);
  });

  it('lets go of folders of which it has many open', () => {
    const folders = new RealFolders(scene().root);
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let number = 0; number < 200; number += 1) {
      scene().makeFolder(`${number}/deep`);
      expect(folders.at(`${number}/deep/file`).kind).toBe('place');
    }
    expect(descriptors() - before).toBeLessThan(80);
    folders.release();
    expect(descriptors()).toBe(before);
  });
});

describe('A link swap loop while changes are applied', () => {
  for (const links of ['follow', 'skip'] as const) {
    const scene = shareScene(links);

    it(`writes nothing outside the share (${links})`, async () => {
      const outside = join(scene().top, 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'secret'), 'secret');
      const before = statSync(join(outside, 'secret'));
      scene().makeFolder('d');
      const arguments_ = ['--input-type=module', '-e', SWAPPER, scene().at('d'), outside];
      const swapper = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(swapper.stdout, 'data');
      const results = new Set<string>();
      const change = async (path: string, to: 'file' | 'nothing', text: string) => {
        // What was seen may be gone before it was read.
        const from = attempt(() => scene().from(path)) ?? UNKNOWN;
        const changed = to === 'file' ? scene().put(path, text, { from }) : scene().change(path, NOTHING, { from });
        results.add((await changed).result);
      };
      try {
        for (let round = 0; round < 200; round += 1) {
          await change(`d/${round % 5}`, 'file', `${round}`);
          await change(`d/${round % 5}`, 'nothing', '');
          await change('d/secret', 'file', 'overwritten');
        }
      } finally {
        swapper.kill('SIGKILL');
        await once(swapper, 'close');
      }
      const after = statSync(join(outside, 'secret'));
      expect(readdirSync(outside)).toEqual(['secret']);
      expect([readFileSync(join(outside, 'secret'), 'utf8'), after.mtimeMs, after.mode]).toEqual([
        'secret',
        before.mtimeMs,
        before.mode,
      ]);
      expect(results.size).toBeGreaterThan(1);
    }, 60_000);
  }
});

describe('A crash between link and rename', () => {
  const scene = shareScene();

  it('leaves the old file in both places, and the change can be done again', async () => {
    scene().write('a', 'old');
    const from = scene().from('a');
    linkSync(scene().at('a'), scene().trash.placeFor('a'));
    expect(scene().read('a')).toBe('old');
    // Its second name counts as a change: it is read again, and has the same content.
    expect(await scene().put('a', 'new', { from })).toEqual({ result: 'changed' });
    expect(scene().from('a').content).toEqual(from.content);
    expect((await scene().put('a', 'new')).result).toBe('done');
    expect([scene().read('a'), scene().trashed()]).toEqual(['new', ['a old', 'a old']]);
  });

  it('leaves a new file under both its names, and it is found where it belongs', async () => {
    const part = scene().parts.writeWhole(Buffer.from('new'));
    linkSync(part, scene().at('a'));
    expect(await scene().put('a', 'new', { from: UNKNOWN })).toEqual({ result: 'changed' });
    expect(scene().read('a')).toBe('new');
    expect((await scene().put('a', 'newer')).result).toBe('done');
  });
});

describe('A full disk in the middle', () => {
  const top = temporaryFolder();
  let disk: SmallDisk;

  beforeEach(() => {
    disk = makeSmallDisk(join(top(), 'disk'), 256);
  });
  afterEach(() => disk.dispose());

  it('leaves whole files only, and all that had been there', async () => {
    if (!disk.isShared) pending('no disk can be mounted here');
    const scene = new ShareScene(join(top(), 'disk'));
    const text = 'x'.repeat(20_000);
    let done = 0;
    expect(() => {
      for (; ; done += 1) void scene.put(`${done}`, text, { from: UNKNOWN });
    }).toThrowError(/ENOSPC/);
    await scene.put('last', 'y', { from: UNKNOWN }).catch(() => undefined);
    expect(done).toBeGreaterThan(5);
    for (let number = 0; number < done; number += 1) expect(scene.read(`${number}`)).toBe(text);
    expect(readdirSync(join(scene.stateFolder, 'tmp')).length).toBe(0);
  });

  it('leaves a link as it is of which no copy can be made', async () => {
    if (!disk.isShared) pending('no disk can be mounted here');
    const scene = new ShareScene(join(top(), 'disk'));
    mkdirSync(join(top(), 'data'));
    writeFileSync(join(top(), 'data/large'), Buffer.alloc(512 * 1024));
    symlinkSync(join(top(), 'data/large'), scene.at('file'));
    symlinkSync(join(top(), 'data'), scene.at('folder'));
    const full = { result: 'failed', reason: 'the disk is full' } as const;
    const from = scene.from('file');
    if (from.content.type !== 'file') throw new Error('no file');
    const large = { ...from.content, isExecutable: true };
    expect(await scene.change('file', large, { from })).toEqual(full);
    expect(await scene.change('folder/large', NOTHING)).toEqual(full);
    expect([scene.at('file'), scene.at('folder')].map((path) => lstatSync(path).isSymbolicLink())).toEqual([
      true,
      true,
    ]);
    expect(readdirSync(join(scene.stateFolder, 'tmp'))).toEqual([]);
  });

  it('says so of a disk that takes no changes any more', async () => {
    if (!disk.isShared) pending('no disk can be mounted here');
    const scene = new ShareScene(join(top(), 'disk'));
    scene.write('a', 'x');
    disk.takeNoChanges();
    expect(await scene.change('a', NOTHING)).toEqual({ result: 'failed', reason: 'the disk may only be read' });
    expect(await scene.change('a', contentOf('x', { isExecutable: true }))).toEqual({
      result: 'failed',
      reason: 'the disk may only be read',
    });
    expect(scene.read('a')).toBe('x');
  });
});
