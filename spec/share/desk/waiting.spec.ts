import { whatWaits } from '../../../lib/share/desk/waiting.ts';
import type { EntryPath } from '../../../lib/share/model/entry.ts';
import type { SavedEntry } from '../../../lib/share/replica/events.ts';
import type { Task, TaskStep } from '../../../lib/share/replica/places.ts';
import { allDone, FetchScene, MadeFile } from '../transfer/transfer-scene.ts';

const NO_VERSION: SavedEntry['entry']['version'] = [];

describe('whatWaits', () => {
  let scene: FetchScene;

  beforeEach(() => {
    scene = new FetchScene();
    scene.link('far');
  });

  function taskAt(path: EntryPath, step: TaskStep): Task {
    return { step, entry: { path, content: { type: 'directory' }, version: NO_VERSION }, saves: false, peers: [] };
  }

  function waiting(tasks: readonly Task[], { reading = [], restless = [] }: Record<string, readonly string[]> = {}) {
    const held = (path: EntryPath): SavedEntry | undefined =>
      path === 'full' ? { entry: taskAt(path, 'blocked').entry, number: 1, stamp: 'folder' } : undefined;
    const replica = { tasks: () => tasks, held };
    return whatWaits({ replica, fetcher: scene.fetcher, looker: { reading, restless } });
  }

  it('is nothing where all is well', () => {
    expect(waiting([])).toEqual([]);
    expect(waiting([taskAt('a', 'applying'), taskAt('b', 'looking'), taskAt('c', 'failed')])).toEqual([]);
  });

  it('tells files that are being read, and those that are written all the time', () => {
    expect(waiting([], { reading: ['a', 'b'], restless: ['b', 'c'] })).toEqual([
      { reason: 'it is being written: it is read when it rests', entries: 2, paths: ['b', 'c'] },
      { reason: 'it is being read', entries: 1, paths: ['a'] },
    ]);
  });

  it('tells what cannot come before a folder is there, or is empty', () => {
    expect(waiting([taskAt('d/a', 'blocked'), taskAt('full', 'blocked'), taskAt('d/b', 'blocked')])).toEqual([
      { reason: 'the folder above it has to come first', entries: 2, paths: ['d/a', 'd/b'] },
      { reason: 'what is in the folder has to go first', entries: 1, paths: ['full'] },
    ]);
  });

  it('names few of very many, and counts them all', () => {
    const [all] = waiting([], { restless: Array.from({ length: 5_000 }, (_, number) => `${number}`) });
    expect([all?.entries, all?.paths.length]).toEqual([5_000, 100]);
  });

  it('tells what waits for its turn, and what nobody can give, and not what is under way', async () => {
    for (let number = 0; number < 33; number += 1) scene.want(`${number}`, new MadeFile(`${number}`, 4), 'far');
    await allDone();
    expect(waiting(['0', '32', 'lost'].map((path) => taskAt(path, 'fetching')))).toEqual([
      { reason: 'others come first', entries: 1, paths: ['32'] },
      { reason: 'nobody who is here can give it', entries: 1, paths: ['lost'] },
    ]);
  });
});
