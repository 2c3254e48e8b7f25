import type { IncomingFile } from '../../lib/share/desk/share-desk.ts';
import { TransferProgress } from '../../lib/share/transfer-progress.ts';
import { allDone, FetchScene, MadeFile } from './transfer/transfer-scene.ts';

const CHUNK_BYTES = 64 * 1024;
const SECOND_MS = 1_000;

describe('TransferProgress', () => {
  let scene: FetchScene;
  let told: IncomingFile[];
  let progress: TransferProgress;

  beforeEach(() => {
    scene = new FetchScene();
    told = [];
    progress = new TransferProgress({
      fetches: () => scene.fetcher.fetches,
      clock: scene.clock,
      onProgress: (file) => told.push(file),
    });
  });

  /** A file that a peer is asked for, and does not give yet. */
  async function begin(path: string, file: MadeFile): Promise<void> {
    scene.want(path, file, 'far');
    progress.wake();
    await allDone();
  }

  async function give(file: MadeFile, chunks: number): Promise<void> {
    const link = scene.links.get('far');
    const [ask] = link?.asks.slice(-1) ?? [];
    if (link === undefined || ask === undefined) throw new Error('nothing was asked for');
    scene.fetcher.take(link, file.answer({ ...ask, count: chunks }));
    await allDone();
  }

  function pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) scene.clock.advance(SECOND_MS);
  }

  it('says nothing of a file that is soon here', async () => {
    scene.link('far');
    const file = new MadeFile('a', 4);
    await begin('a', file);
    pass(4);
    await give(file, 4);
    pass(20);
    expect(scene.fetched).toEqual(['a']);
    expect(told).toEqual([]);
  });

  it('says after some seconds how far a file is, and then every ten, each time with the rate since then', async () => {
    scene.link('far');
    const file = new MadeFile('a', 8);
    await begin('a', file);
    pass(2);
    await give(file, 5);
    pass(4);
    const here = 5 * CHUNK_BYTES;
    const first = { path: 'a', size: 8 * CHUNK_BYTES, here, rate: here / 5 };
    expect(told).toEqual([first]);
    pass(9);
    expect(told).toEqual([first]);
    pass(1);
    expect(told).toEqual([first, { ...first, rate: 0 }]);
  });

  it('says nothing of what waits for its turn', async () => {
    scene.link('far');
    for (let number = 0; number < 100; number += 1) await begin(`${number}`, new MadeFile(`${number}`, 4));
    pass(6);
    expect(told.length).toBe(scene.open);
    expect(told.length).toBeLessThan(100);
  });

  it('takes no time when nothing is on its way, or when it is closed', async () => {
    scene.link('far');
    const file = new MadeFile('a', 4);
    await begin('a', file);
    await give(file, 4);
    pass(2);
    const { length } = scene.clock.waits;
    pass(10);
    expect(scene.clock.waits.length).toBe(length);
    await begin('b', new MadeFile('b', 4));
    progress.close();
    pass(60);
    expect(told).toEqual([]);
  });
});
