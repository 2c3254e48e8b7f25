import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../lib/base/clock.ts';
import { Watcher, type WatcherOptions } from '../../../lib/share/disk/watcher.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type ShareScene, shareScene } from './share-scene.ts';

/** Looks where it has to, as a peer does, and says when a path was told. */
class Onlooker {
  readonly seen: string[] = [];
  readonly watcher: Watcher;
  readonly #scene: ShareScene;
  #onSeen: () => void = () => undefined;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(scene: ShareScene, options: Partial<WatcherOptions> = {}) {
    this.#scene = scene;
    this.watcher = new Watcher({
      clock: systemClock,
      onDirty: (paths) => void this.look(paths),
      onFallBack: () => undefined,
      ...options,
    });
  }

  look(paths: readonly string[]): Promise<unknown> {
    this.#looking = this.#looking.then(async () => {
      const { gone, found } = await this.#scene.look(paths, { coverage: this.watcher });
      this.seen.push(...gone.map((path) => `- ${path}`), ...found.map(({ path }) => `+ ${path}`));
      this.#onSeen();
    });
    return this.#looking;
  }

  async saw(...lines: readonly string[]): Promise<void> {
    while (lines.some((line) => !this.seen.includes(line))) {
      await new Promise<void>((resolve) => (this.#onSeen = resolve));
    }
  }
}

describe('Watcher', () => {
  const scene = shareScene();
  let onlooker: Onlooker;

  async function begin(options: Partial<WatcherOptions> = {}): Promise<void> {
    onlooker = new Onlooker(scene(), options);
    await onlooker.look(['']);
    onlooker.seen.length = 0;
  }

  afterEach(() => onlooker.watcher.close());

  it('sees files that are made, changed and removed, wherever they are', async () => {
    scene().write('a/b/old', 'x');
    await begin();
    scene().write('a/b/old', 'xx');
    scene().write('a/new', 'x');
    await onlooker.saw('+ a/b/old', '+ a/new');
    rmSync(scene().at('a/new'));
    await onlooker.saw('- a/new');
  });

  it('sees what is in a folder that was just made, however deep', async () => {
    await begin();
    scene().write('n/e/w/file', 'x');
    await onlooker.saw('+ n/e/w/file');
    scene().write('n/e/w/second', 'x');
    await onlooker.saw('+ n/e/w/second');
  });

  it('has the folder looked through in which a name is made that the system cannot tell as a text', async () => {
    if (process.platform !== 'linux') pending('only Linux has names that are not text');
    await begin();
    const dirty: (readonly string[])[] = [];
    const watcher = new Watcher({
      clock: systemClock,
      onDirty: (paths) => dirty.push(paths),
      onFallBack: () => undefined,
    });
    await scene().look([''], { coverage: watcher });
    writeFileSync(Buffer.concat([Buffer.from(`${scene().root}/name`), Buffer.from([0xff])]), 'x');
    scene().write('after', 'x');
    while (!dirty.flat().includes('after')) await new Promise(setImmediate);
    watcher.close();
    expect(dirty.flat()).toContain('');
  });

  it('loses nothing in a burst of new folders', async () => {
    await begin();
    const paths = Array.from({ length: 300 }, (_, number) => `${number % 30}/${number}/deep/file`);
    for (const path of paths) scene().write(path, 'x');
    await onlooker.saw(...paths.map((path) => `+ ${path}`));
    expect(onlooker.watcher.size).toBe(1 + 30 + 300 + 300);
  });

  it('sees both names of a folder that is renamed, and what happens in it later', async () => {
    scene().write('a/b/file', 'x');
    await begin();
    renameSync(scene().at('a'), scene().at('z'));
    await onlooker.saw('- a/b/file', '+ z/b/file');
    expect(onlooker.watcher.size).toBe(3);
    scene().write('z/b/second', 'x');
    await onlooker.saw('+ z/b/second');
  });

  it('watches the folder that comes in place of another', async () => {
    scene().write('a/file', 'x');
    await begin();
    renameSync(scene().at('a'), join(scene().top, 'away'));
    scene().write('a/file', 'other');
    await onlooker.saw('+ a/file');
    scene().write('a/second', 'x');
    await onlooker.saw('+ a/second');
  });

  it('lets go of folders that are gone', async () => {
    scene().write('a/b/c/file', 'x');
    await begin();
    expect(onlooker.watcher.size).toBe(4);
    rmSync(scene().at('a'), { recursive: true });
    await onlooker.saw('- a');
    expect(onlooker.watcher.size).toBe(1);
  });

  it('watches what links lead to', async () => {
    const data = join(scene().top, 'data');
    mkdirSync(join(data, 'inner'), { recursive: true });
    writeFileSync(join(data, 'file'), 'x');
    symlinkSync('../data/file', scene().at('file'));
    symlinkSync('../data/inner', scene().at('folder'));
    await begin();
    writeFileSync(join(data, 'inner/new'), 'x');
    await onlooker.saw('+ folder/new');
    writeFileSync(join(data, 'file'), 'xx');
    await onlooker.saw('+ file');
    onlooker.seen.length = 0;
    // As most editors save.
    writeFileSync(join(data, 'file.new'), 'xxx');
    renameSync(join(data, 'file.new'), join(data, 'file'));
    await onlooker.saw('+ file');
    onlooker.seen.length = 0;
    writeFileSync(join(data, 'file'), 'xxxx');
    await onlooker.saw('+ file');
  });

  it('tells nothing any more when it is closed', async () => {
    await begin();
    onlooker.watcher.close();
    onlooker.watcher.close();
    onlooker.watcher.cover('', scene().root, statSync(scene().root, { bigint: true }));
    expect(onlooker.watcher.size).toBe(0);
  });
});

describe('Watcher where the system watches no more', () => {
  const scene = shareScene();
  let clock: ManualClock;
  let dirty: string[];
  let reasons: string[];

  beforeEach(() => {
    clock = new ManualClock();
    dirty = [];
    reasons = [];
  });

  function watcherThatFails(code: string): Watcher {
    return new Watcher({
      clock,
      onDirty: (paths) => dirty.push(...paths),
      onFallBack: (reason) => reasons.push(reason),
      watch: () => {
        throw Object.assign(new Error(code), { code });
      },
    });
  }

  for (const [code, reason] of [
    ['ENOSPC', 'the system watches no more folders (fs.inotify.max_user_watches)'],
    ['EMFILE', 'the system opens no more watches (fs.inotify.max_user_instances)'],
    ['EIO', 'EIO'],
  ] as const) {
    it(`looks through the share every 3 s and says so once (${code})`, async () => {
      scene().makeFolder('a/b');
      const watcher = watcherThatFails(code);
      await scene().look([''], { coverage: watcher });
      expect(reasons).toEqual([reason]);
      for (let second = 0; second < 9; second += 1) clock.advance(1000);
      expect(dirty).toEqual(['', '', '']);
      watcher.close();
      clock.advance(10_000);
      expect(dirty.length).toBe(3);
    });
  }

  it('looks at a folder again that could not be watched for a reason of its own', async () => {
    scene().makeFolder('a');
    const watcher = watcherThatFails('ENOENT');
    await scene().look(['a'], { coverage: watcher });
    clock.advance(30);
    expect([dirty, reasons]).toEqual([['a'], []]);
    watcher.close();
  });

  it('looks through the share once more where so much happens at once that the system may have lost some of it', () => {
    let tell: (name: string | null) => void = () => undefined;
    const watcher = new Watcher({
      clock,
      onDirty: (paths) => dirty.push(...paths),
      onFallBack: (reason) => reasons.push(reason),
      watch: (_, onEvent) => {
        tell = onEvent;
        return () => undefined;
      },
    });
    watcher.cover('', scene().root, statSync(scene().root, { bigint: true }));
    for (let event = 0; event < 4096; event += 1) tell(`${event % 3}`);
    clock.advance(30);
    expect(dirty.sort()).toEqual(['', '0', '1', '2']);
    watcher.close();
  });
});
