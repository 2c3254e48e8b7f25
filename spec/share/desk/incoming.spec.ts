import { measureIncoming, NOTHING_INCOMING } from '../../../lib/share/desk/incoming.ts';
import type { Incoming } from '../../../lib/share/desk/share-desk.ts';
import { statusLines } from '../../../lib/share/desk/status-lines.ts';
import { allDone, FetchScene, MadeFile } from '../transfer/transfer-scene.ts';

const CHUNK_BYTES = 64 * 1024;

describe('measureIncoming', () => {
  let scene: FetchScene;

  beforeEach(() => {
    scene = new FetchScene();
    scene.link('far');
  });

  async function want(path: string, chunks: number): Promise<MadeFile> {
    const file = new MadeFile(path, chunks);
    scene.want(path, file, 'far');
    await allDone();
    return file;
  }

  /** So many chunks of a file come from where they were asked for. */
  async function give(file: MadeFile, chunks: number): Promise<void> {
    const link = scene.links.get('far');
    const ask = link?.asks.findLast(({ id }) => id === file.content.id);
    if (link === undefined || ask === undefined) throw new Error('nothing was asked for');
    scene.fetcher.take(link, file.answer({ ...ask, count: chunks }));
    await allDone();
  }

  /** What is measured while something happens. */
  async function measured(happens: () => Promise<void>): Promise<Incoming> {
    const measuring = measureIncoming(scene.fetcher, scene.clock);
    await happens();
    scene.clock.advance(500);
    return measuring;
  }

  it('takes no time when nothing is on its way', async () => {
    expect(await measureIncoming(scene.fetcher, scene.clock)).toEqual(NOTHING_INCOMING);
  });

  it('tells of each file how much is here, and how fast it comes just now', async () => {
    const [a, b] = [await want('a', 8), await want('b', 4)];
    await give(a, 2);
    expect(await measured(() => give(b, 1))).toEqual({
      files: 2,
      bytes: 12 * CHUNK_BYTES,
      here: 3 * CHUNK_BYTES,
      rate: 2 * CHUNK_BYTES,
      first: [
        { path: 'a', size: 8 * CHUNK_BYTES, here: 2 * CHUNK_BYTES, rate: 0 },
        { path: 'b', size: 4 * CHUNK_BYTES, here: CHUNK_BYTES, rate: 2 * CHUNK_BYTES },
      ],
    });
  });

  it('counts in the rate what came of a file that is finished by then, and not the file', async () => {
    const [a, b] = [await want('a', 4), await want('b', 4)];
    await give(a, 4);
    const incoming = await measured(() => give(b, 4));
    expect(scene.fetched).toEqual(['a', 'b']);
    expect(incoming).toEqual({ ...NOTHING_INCOMING, rate: 8 * CHUNK_BYTES });
    const c = await want('c', 4);
    const d = await want('d', 4);
    expect(await measured(() => give(c, 4))).toEqual(
      jasmine.objectContaining({ files: 1, bytes: d.content.size, here: 0, rate: 8 * CHUNK_BYTES }),
    );
  });

  it('counts what began meanwhile, and names no more than ten', async () => {
    await want('first', 4);
    const incoming = await measured(async () => {
      for (let number = 0; number < 40; number += 1) await want(`${number}`, 4);
    });
    expect(incoming.files).toBe(41);
    expect(incoming.first.length).toBe(10);
  });

  it('is told in words with its share, rate and the time that it still takes', () => {
    const file = { path: 'film.bin', size: 4000 * 1024, here: 1000 * 1024, rate: 100 * 1024 };
    const incoming = { files: 1, bytes: file.size, here: file.here, rate: file.rate, first: [file] };
    const nobody = { isRunning: true, sinceMs: 0, share: '/s', device: null, files: 0, folders: 0, bytes: 0 };
    const rest = { isLookedThrough: true, peers: [], copies: [], waiting: [], failed: [], leftOut: [], conflicts: 0 };
    expect(statusLines({ ...nobody, ...rest, incoming }).slice(2)).toEqual([
      'Under way : 1 file, 25% of 3.9 MiB, 100.0 KiB/s, 0:30 left',
      '          : film.bin, 25% of 3.9 MiB, 100.0 KiB/s, 0:30 left',
    ]);
  });
});
