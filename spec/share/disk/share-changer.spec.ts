import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type { Entry } from '../../../lib/share/model/entry.ts';
import type { Change } from '../../../lib/share/replica/events.ts';
import { contentOf, FOLDER, LONG_AGO, NOTHING, shareScene, told } from './share-scene.ts';

const DONE = jasmine.objectContaining({ result: 'done' });
const CHANGED = { result: 'changed' } as const;

describe('ShareChanger', () => {
  const scene = shareScene();

  it('puts a new file there, with its time, and with the rights of any new file', async () => {
    const outcome = await scene().change('a', contentOf('text', { mtimeMs: 1_700_000_000_123, isExecutable: true }), {
      text: 'text',
    });
    expect(outcome).toEqual({ result: 'done', stamp: scene().from('a').stamp });
    expect(scene().read('a')).toBe('text');
    expect(Math.floor(statSync(scene().at('a')).mtimeMs)).toBe(1_700_000_000_123);
    expect((statSync(scene().at('a')).mode & 0o777).toString(8)).toBe('755');
    expect(readdirSync(join(scene().stateFolder, 'tmp'))).toEqual([]);
  });

  it('gives exactly the times that were told, rounded down to milliseconds', async () => {
    const since = [0, 1, 999, 1_234_567_890_001, 1_700_000_000_999, LONG_AGO, 4_000_000_000_007];
    for (const mtimeMs of [...since, -1, -999, -1000, -1_220_400_000_001]) {
      await scene().change(`${mtimeMs}`, contentOf('x', { mtimeMs }), { text: 'x' });
      expect(scene().from(`${mtimeMs}`).content).toEqual(contentOf('x', { mtimeMs }));
    }
  });

  it('is not told as a change by who looks then', async () => {
    await scene().change('d', FOLDER);
    await scene().put('d/a', 'text');
    const first = await scene().look();
    const { stamp } = scene().from('d/a');
    expect(first.found.map((one) => one.stamp)).toEqual(['folder', stamp]);
    expect(await scene().change('d/a', contentOf('text'), { from: { content: contentOf('text'), stamp } })).toEqual(
      DONE,
    );
    expect(told(await scene().look())).toEqual([]);
  });

  it('replaces a file, keeps its rights, and puts the old one into the trash', async () => {
    scene().write('a/b', 'old', { mode: 0o640 });
    const { content } = scene().from('a/b');
    expect(await scene().put('a/b', 'new')).toEqual(DONE);
    expect(scene().read('a/b')).toBe('new');
    expect((statSync(scene().at('a/b')).mode & 0o777).toString(8)).toBe('640');
    expect(scene().trashed()).toEqual(['a/b old']);
    const id = content.type === 'file' ? content.id : '';
    expect(readFileSync(scene().trash.find(id) ?? '', 'utf8')).toBe('old');
  });

  it('saves the old one under another name where that is asked for', async () => {
    scene().write('a.txt', 'mine');
    const from = scene().from('a.txt');
    const outcome = await scene().put('a.txt', 'theirs', { saveAs: 'a.conflict.txt' });
    const { stamp } = scene().from('a.txt');
    const saved = { path: 'a.conflict.txt', stamp: scene().from('a.conflict.txt').stamp };
    expect(outcome).toEqual({ result: 'done', stamp, saved });
    expect(scene().from('a.conflict.txt').content).toEqual(from.content);
    expect([scene().read('a.txt'), scene().trashed()]).toEqual(['theirs', []]);
  });

  it('takes it for saved where a file with just that content has that name', async () => {
    for (const name of ['a', 'a.conflict']) scene().write(name, 'mine');
    expect(await scene().put('a', 'theirs', { saveAs: 'a.conflict' })).toEqual({
      result: 'done',
      stamp: scene().from('a').stamp,
      saved: { path: 'a.conflict', stamp: scene().from('a.conflict').stamp },
    });
    expect([scene().read('a'), scene().read('a.conflict')]).toEqual(['theirs', 'mine']);
    // Somebody may be writing to the other one just then.
    expect(scene().trashed()).toEqual(['a mine']);
  });

  it('takes it for saved by none that was touched while it was compared', async () => {
    for (const name of ['a', 'a.conflict']) scene().write(name, 'mine');
    const entry: Entry = { path: 'a', content: contentOf('theirs'), version: [] };
    const change: Change = { path: 'a', from: scene().from('a'), to: entry.content, entry, saveAs: 'a.conflict' };
    const applied = scene().changer.apply(change, scene().parts.writeWhole(Buffer.from('theirs')));
    utimesSync(scene().at('a.conflict'), 1, 1);
    expect(await applied).toEqual(CHANGED);
    expect([scene().read('a'), scene().trashed()]).toEqual(['mine', []]);
  });

  it('changes only what is said of a file in place', async () => {
    scene().write('a', 'text', { mode: 0o640 });
    const { ino } = statSync(scene().at('a'));
    const to = contentOf('text', { mtimeMs: LONG_AGO + 1001, isExecutable: true });
    expect(await scene().change('a', to)).toEqual(DONE);
    expect(scene().from('a').content).toEqual(to);
    const stats = statSync(scene().at('a'));
    expect([stats.ino, (stats.mode & 0o777).toString(8)]).toEqual([ino, '750']);
    expect(scene().trashed()).toEqual([]);
  });

  it('deletes a file by moving it into the trash', async () => {
    scene().write('a/b', 'old');
    expect(await scene().change('a/b', NOTHING)).toEqual({ result: 'done', stamp: '' });
    expect([existsSync(scene().at('a/b')), scene().trashed()]).toEqual([false, ['a/b old']]);
  });

  it('makes and removes folders', async () => {
    expect(await scene().change('d', FOLDER)).toEqual({ result: 'done', stamp: 'folder' });
    expect(await scene().change('d', FOLDER, { from: scene().from('d') })).toEqual({ result: 'done', stamp: 'folder' });
    expect(await scene().change('d', NOTHING)).toEqual({ result: 'done', stamp: '' });
    expect(readdirSync(scene().root)).toEqual([]);
  });

  it('puts a file in place of a folder that is empty, and a folder in place of a file', async () => {
    scene().makeFolder('d');
    expect(await scene().put('d', 'file')).toEqual(DONE);
    expect(scene().read('d')).toBe('file');
    expect(await scene().change('d', FOLDER)).toEqual({ result: 'done', stamp: 'folder' });
    expect(scene().trashed()).toEqual(['d file']);
    scene().write('e', 'mine');
    expect(await scene().change('e', FOLDER, { saveAs: 'e.conflict' })).toEqual(DONE);
    expect([scene().read('e.conflict'), scene().trashed()]).toEqual(['mine', ['d file']]);
  });

  it('leaves a folder with something in it', async () => {
    scene().write('d/new', 'x');
    expect(await scene().change('d', NOTHING)).toEqual(CHANGED);
    expect(await scene().put('d', 'file')).toEqual(CHANGED);
    expect(scene().read('d/new')).toBe('x');
  });

  it('says that a folder cannot go which holds only what is not shared', async () => {
    scene().makeFolder('d');
    execFileSync('mkfifo', [scene().at('d/pipe')]);
    symlinkSync('.', scene().at('d/self'));
    const outcome = await scene().change('d', NOTHING);
    expect(outcome).toEqual({ result: 'failed', reason: 'the folder holds something that cannot be shared' });
  });

  it('says what is in the way', async () => {
    execFileSync('mkfifo', [scene().at('pipe')]);
    symlinkSync('nowhere', scene().at('link'));
    symlinkSync('.', scene().at('loop'));
    const reasons = await Promise.all(
      ['pipe', 'link', 'loop', 'x'.repeat(300)].map((path) =>
        scene().put(path, 'new', { from: { content: NOTHING, stamp: '' } }),
      ),
    );
    expect(reasons).toEqual([
      { result: 'failed', reason: 'a pipe, socket or device is in the way' },
      { result: 'failed', reason: 'a link that leads nowhere is in the way' },
      { result: 'failed', reason: 'a link that is not followed is in the way' },
      { result: 'failed', reason: 'the path is too long' },
    ]);
  });

  it('finds its place gone with the folder', async () => {
    expect(await scene().put('no/such', 'x')).toEqual(CHANGED);
    scene().write('file', 'x');
    expect(await scene().put('file/below', 'x')).toEqual(CHANGED);
  });
});

describe('ShareChanger with links', () => {
  const scene = shareScene();
  const outside = (name: string) => join(scene().top, 'data', name);

  beforeEach(() => {
    mkdirSync(outside('inner'), { recursive: true });
    writeFileSync(outside('file'), 'data');
    writeFileSync(outside('inner/deep'), 'deep');
  });

  it('replaces a link by a file, and writes nothing to where it led', async () => {
    symlinkSync('../data/file', scene().at('a'));
    expect(await scene().put('a', 'new')).toEqual(DONE);
    expect([lstatSync(scene().at('a')).isSymbolicLink(), scene().read('a')]).toEqual([false, 'new']);
    expect(readFileSync(outside('file'), 'utf8')).toBe('data');
    expect([...scene().trash.list()].map(({ where }) => readlinkSync(where))).toEqual(['../data/file']);
  });

  it('saves a copy of what a link led to', async () => {
    symlinkSync('../data/file', scene().at('a'));
    expect(await scene().put('a', 'new', { saveAs: 'a.conflict' })).toEqual(DONE);
    expect([lstatSync(scene().at('a.conflict')).isFile(), scene().read('a.conflict')]).toEqual([true, 'data']);
    expect(lstatSync(scene().at('a.conflict')).ino).not.toBe(lstatSync(outside('file')).ino);
  });

  it('puts a copy in place of a link of which only what is said differs', async () => {
    symlinkSync('../data/file', scene().at('a'));
    const before = statSync(outside('file'));
    expect(await scene().change('a', contentOf('data', { isExecutable: true }))).toEqual(DONE);
    expect(scene().from('a').content).toEqual(contentOf('data', { isExecutable: true }));
    expect([statSync(outside('file')).mode, statSync(outside('file')).mtimeMs]).toEqual([before.mode, before.mtimeMs]);
  });

  it('removes a link, not what it leads to', async () => {
    symlinkSync('../data/file', scene().at('a'));
    expect(await scene().change('a', NOTHING)).toEqual(DONE);
    expect([readdirSync(scene().root), readFileSync(outside('file'), 'utf8')]).toEqual([[], 'data']);
  });

  it('puts copies in place of a link to a folder before it changes what is in it', async () => {
    symlinkSync('../data', scene().at('d'));
    expect(await scene().put('d/file', 'new')).toEqual(CHANGED);
    expect(lstatSync(scene().at('d')).isDirectory()).toBe(true);
    expect([scene().read('d/file'), scene().read('d/inner/deep')]).toEqual(['data', 'deep']);
    expect(Math.floor(statSync(scene().at('d/file')).mtimeMs)).toBe(Math.floor(statSync(outside('file')).mtimeMs));
    expect(await scene().put('d/file', 'new')).toEqual(DONE);
    expect([scene().read('d/file'), readFileSync(outside('file'), 'utf8')]).toEqual(['new', 'data']);
  });

  it('leaves such a link where another one in the folder leads nowhere just now: what that shows would look like deleted', async () => {
    symlinkSync('../data', scene().at('d'));
    symlinkSync('not/mounted', outside('dangling'));
    const reason = jasmine.stringMatching(/shows what cannot be read: d\/dangling/);
    expect(await scene().put('d/file', 'new')).toEqual({ result: 'failed', reason });
    expect(lstatSync(scene().at('d')).isSymbolicLink()).toBe(true);
  });

  it('leaves such a link where what is to be changed is not what was expected', async () => {
    symlinkSync('../data', scene().at('d'));
    const from = scene().from('d/file');
    writeFileSync(outside('file'), 'changed by hand');
    expect(await scene().put('d/file', 'new', { from })).toEqual(CHANGED);
    expect(lstatSync(scene().at('d')).isSymbolicLink()).toBe(true);
  });

  it('removes a link to a folder that shows nothing', async () => {
    mkdirSync(outside('empty'));
    symlinkSync('../data/empty', scene().at('d'));
    symlinkSync('../data', scene().at('full'));
    expect(await scene().change('d', NOTHING)).toEqual(DONE);
    expect(await scene().change('full', NOTHING)).toEqual(CHANGED);
    expect([readdirSync(scene().root), existsSync(outside('empty'))]).toEqual([['full'], true]);
  });
});

describe('A file changed by hand between look and change', () => {
  const scene = shareScene();

  for (const [how, byHand] of Object.entries({
    'is written': (path: string) => writeFileSync(path, 'by hand'),
    'is replaced': (path: string) => {
      writeFileSync(`${path}.new`, 'by hand');
      renameSync(`${path}.new`, path);
    },
    'has a second name that is written to': (path: string) => {
      linkSync(path, `${path}.second`);
      writeFileSync(`${path}.second`, 'by hand');
    },
  })) {
    it(`is never overwritten when it ${how}`, async () => {
      scene().write('a', 'old');
      const from = scene().from('a');
      byHand(scene().at('a'));
      expect(await scene().put('a', 'new', { from })).toEqual(CHANGED);
      expect(await scene().change('a', NOTHING, { from })).toEqual(CHANGED);
      expect(await scene().change('a', FOLDER, { from, saveAs: 'a.conflict' })).toEqual(CHANGED);
      expect(await scene().change('a', contentOf('old', { isExecutable: true }), { from })).toEqual(CHANGED);
      expect([scene().read('a'), scene().trashed()]).toEqual(['by hand', []]);
    });
  }

  it('is never overwritten when there was nothing', async () => {
    scene().write('a', 'by hand');
    const from = { content: NOTHING, stamp: '' };
    expect(await scene().put('a', 'new', { from })).toEqual(CHANGED);
    expect(await scene().change('a', FOLDER, { from })).toEqual(CHANGED);
    chmodSync(scene().at('a'), 0o600);
    expect(scene().read('a')).toBe('by hand');
  });
});

describe('ShareChanger where no second name can be given to a file', () => {
  const scene = shareScene();
  const link = fs.linkSync;

  beforeEach(() => {
    fs.linkSync = () => {
      throw Object.assign(new Error('no links here'), { code: 'EPERM' });
    };
    syncBuiltinESMExports();
  });

  afterEach(() => {
    fs.linkSync = link;
    syncBuiltinESMExports();
  });

  it('keeps a copy of the old one with its time, also of before 1970', async () => {
    for (const mtimeMs of [LONG_AGO, -1, -1_220_400_000_001]) {
      scene().write('a', 'old');
      const time = `${(mtimeMs + 0.001) / 1000}`;
      utimesSync(scene().at('a'), time, time);
      expect(await scene().put('a', 'new', { saveAs: `a ${mtimeMs}` })).toEqual(DONE);
      expect([scene().read('a'), scene().from(`a ${mtimeMs}`).content]).toEqual(['new', contentOf('old', { mtimeMs })]);
    }
  });
});

describe('A conflict copy name that is taken', () => {
  const scene = shareScene();

  it('is left as it is, and a longer one is taken', async () => {
    scene().write('a.txt', 'mine');
    scene().write('a.conflict.txt', 'of somebody else');
    const outcome = await scene().put('a.txt', 'theirs', { saveAs: 'a.conflict.txt' });
    const path = 'saved' in outcome ? outcome.saved?.path : undefined;
    expect(path).toMatch(/^a\.conflict-20260102-030405-[0-9a-f]{16}\.txt$/);
    expect(scene().read(path ?? '')).toBe('mine');
    expect([scene().read('a.txt'), scene().read('a.conflict.txt')]).toEqual(['theirs', 'of somebody else']);
  });
});
