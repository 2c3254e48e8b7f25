import { ShareDiskError } from '../../../lib/share/disk/share-disk-error.ts';
import { allDone, FetchScene, MadeFile } from './transfer-scene.ts';

const flipAt = (at: number) => (data: Buffer) => void data.writeUInt8(data.readUInt8(at) ^ 1, at);

describe('A Fetcher', () => {
  let scene: FetchScene;
  beforeEach(() => {
    scene = new FetchScene();
  });

  it('asks for a damaged chunk again, and for no other one', async () => {
    const [link, file] = [scene.link('a'), new MadeFile('file', 8)];
    scene.want('f', file, 'a');
    await allDone();
    const [ask] = link.asks;
    expect(ask).toEqual(jasmine.objectContaining({ first: 0, count: 8 }));
    if (ask !== undefined) scene.fetcher.take(link, file.answer(ask, flipAt(3 * 65_536 + 7)));
    await allDone();
    const [, again] = link.asks;
    expect([scene.fetched, again]).toEqual([[], jasmine.objectContaining({ first: 3, count: 1 })]);
    if (again !== undefined) scene.fetcher.take(link, file.answer(again));
    await allDone();
    expect([scene.fetched, scene.cutOff, link.asks.length]).toEqual([['f'], [], 2]);
  });

  it('has enough of a peer after three wrong chunks in a row', async () => {
    const [link, file] = [scene.link('a'), new MadeFile('file', 8)];
    scene.want('f', file, 'a');
    await allDone();
    const [ask] = link.asks;
    const damage = (data: Buffer) => [0, 2, 4].map((chunk) => flipAt(chunk * 65_536)(data));
    if (ask !== undefined) scene.fetcher.take(link, file.answer(ask, damage));
    expect(scene.cutOff).toEqual(['a']);
  });

  it('bears with a line that damages a byte now and then', async () => {
    const [link, file] = [scene.link('a'), new MadeFile('file', 1024)];
    scene.want('f', file, 'a');
    for (let number = 0; number < 200 && scene.fetched.length === 0; number += 1) {
      await allDone();
      const ask = link.asks[number];
      // One byte in 8 MiB; what is asked for again is a single chunk.
      const isDamaged = number % 8 === 0 && ask !== undefined && ask.count > 1;
      if (ask !== undefined) scene.fetcher.take(link, file.answer(ask, isDamaged ? flipAt(1) : undefined));
    }
    expect([scene.fetched, scene.cutOff, scene.missing]).toEqual([['f'], [], []]);
  });

  it('tells that a peer has not got it now, once, and asks others', async () => {
    const [link, other, file] = [scene.link('a'), scene.link('b'), new MadeFile('file', 200)];
    scene.want('f', file, 'a');
    await allDone();
    for (const { request } of [...link.asks]) scene.fetcher.gone(link, request);
    expect([scene.gone, scene.missing]).toEqual([['f a'], []]);
    scene.want('f', file, 'b');
    await allDone();
    expect(other.asks).toContain(jasmine.objectContaining({ first: 0 }));
  });

  it('takes a content for missing at a peer that gives the same chunk wrong twice', async () => {
    const [link, other, file] = [scene.link('a'), scene.link('b'), new MadeFile('file', 8)];
    scene.want('f', file, 'a');
    for (const number of [0, 1]) {
      await allDone();
      const ask = link.asks[number];
      if (ask !== undefined) scene.fetcher.take(link, file.answer(ask, flipAt(0)));
    }
    expect([scene.missing, scene.cutOff]).toEqual([['f a'], []]);
    scene.want('f', file, 'b');
    await allDone();
    expect(other.asks).toEqual([jasmine.objectContaining({ first: 0 })]);
  });

  it('asks another peer for what one does not give for two seconds', async () => {
    const [silent, other, file] = [scene.link('silent'), scene.link('other'), new MadeFile('file', 48)];
    scene.want('f', file, 'silent', 'other');
    await allDone();
    expect([silent.asks.length, other.asks.length]).toEqual([2, 1]);
    for (let waited = 0; waited < 2000; waited += 500) {
      for (const ask of other.asks) scene.fetcher.take(other, file.answer(ask));
      await allDone();
      expect(scene.fetched).toEqual([]);
      scene.clock.advance(500);
    }
    for (const ask of other.asks) scene.fetcher.take(other, file.answer(ask));
    await allDone();
    expect(scene.fetched).toEqual(['f']);
    expect(scene.cutOff).toEqual([]);
  });

  it('waits for a peer that gives nothing when nobody else has it, and gets the rest from others meanwhile', async () => {
    const [silent, other] = [scene.link('silent'), scene.link('other')];
    const rare = Array.from({ length: 100 }, (_, index) => new MadeFile(`rare ${index}`, 4));
    for (const [index, file] of rare.entries()) scene.want(`rare ${index}`, file, 'silent');
    const file = new MadeFile('file', 4);
    scene.want('f', file, 'other');
    await allDone();
    const begun = silent.asks.length;
    scene.clock.advance(2500);
    for (const ask of other.asks) scene.fetcher.take(other, file.answer(ask));
    await allDone();
    expect([scene.fetched, silent.asks.length]).toEqual([['f'], begun]);
    for (let number = 0; number < silent.asks.length; number += 1) {
      const ask = silent.asks[number];
      const wanted = rare.find(({ content }) => content.id === ask?.id);
      if (ask !== undefined && wanted !== undefined) scene.fetcher.take(silent, wanted.answer(ask));
      await allDone();
    }
    expect(scene.fetched.length).toBe(101);
  });

  it('has few parts open at a time', async () => {
    const link = scene.link('a');
    const files = Array.from({ length: 500 }, (_, index) => new MadeFile(`${index}`, 2, 1024));
    for (const [index, file] of files.entries()) scene.want(`${index}`, file, 'a');
    for (let number = 0; number < 500; number += 1) {
      await allDone();
      const ask = link.asks[number];
      const file = files.find(({ content }) => content.id === ask?.id);
      if (ask !== undefined && file !== undefined) scene.fetcher.take(link, file.answer(ask));
    }
    await allDone();
    expect([scene.fetched.length, scene.open, scene.mostOpen]).toEqual([500, 0, 32]);
  });

  it('asks for no more at once where files that have come cannot be finished', async () => {
    const link = scene.link('a');
    scene.endProblem = new Error('the disk is full');
    for (let number = 0; number < 16; number += 1) {
      const file = new MadeFile(`${number}`, 16);
      scene.want(`${number}`, file, 'a');
      await allDone();
      const ask = link.asks[number];
      if (ask !== undefined) scene.fetcher.take(link, file.answer(ask));
      await allDone();
    }
    expect(scene.failed).toHaveSize(16);
    scene.want('f', new MadeFile('file', 512), 'a');
    await allDone();
    expect(link.asks.slice(16)).toHaveSize(8);
  });

  it('asks for no more than 256 times at once, however small the files', async () => {
    const link = scene.link('a');
    for (let index = 0; index < 1000; index += 1) scene.want(`${index}`, new MadeFile(`${index}`, 1, 9), 'a');
    await allDone();
    expect(link.asks.length).toBeLessThanOrEqual(256);
  });

  it('gives a file of its own to a path for which the content is wanted while copies for others are made', async () => {
    const file = new MadeFile('file', 4);
    await finishHeldUp(file, ['f', 'g'], () => scene.want('h', file, 'a'));
    expect([...scene.files.keys()].sort()).toEqual(['f', 'g', 'h']);
    expect(new Set(scene.files.values()).size).toBe(3);
    expect([...scene.fetcher.fetches]).toEqual([]);
  });

  it('gives nothing to a path that was forgotten while copies were made, and leaves no copy behind', async () => {
    await finishHeldUp(new MadeFile('file', 4), ['f', 'g', 'h'], () => scene.fetcher.forget('g'));
    expect([...scene.files.keys()].sort()).toEqual(['f', 'h']);
    expect(scene.unneeded).toHaveSize(1);
    expect([...scene.files.values()]).not.toContain(scene.unneeded[0] ?? '');
  });

  it('gives what there is to as many paths as there are copies for, and says of the others why there is none', async () => {
    scene.mostCopies = 1;
    await finishHeldUp(new MadeFile('file', 4), ['f', 'g', 'h'], () => undefined);
    expect([...scene.files]).toEqual([
      ['f', 'a file'],
      ['g', 'a file, copy 1'],
    ]);
    expect([scene.failed, scene.unneeded, [...scene.fetcher.fetches]]).toEqual([['h the disk is full'], [], []]);
  });

  it('leaves nothing behind of what was found whole when nobody wants it any more', async () => {
    scene.link('a');
    scene.beforeWhole = allDone().then(() => 'a copy');
    scene.want('f', new MadeFile('file', 4), 'a');
    scene.fetcher.forget('f');
    await allDone();
    await allDone();
    expect([scene.unneeded, scene.fetched]).toEqual([['a copy'], []]);
  });

  /** A content comes, and something happens while it is copied for all of those paths. */
  async function finishHeldUp(file: MadeFile, paths: readonly string[], meanwhile: () => void): Promise<void> {
    const link = scene.link('a');
    let goOn: () => void = () => undefined;
    scene.beforeCopy = new Promise((resolve) => {
      goOn = resolve;
    });
    for (const path of paths) scene.want(path, file, 'a');
    await allDone();
    const [ask] = link.asks;
    if (ask !== undefined) scene.fetcher.take(link, file.answer(ask));
    await allDone();
    meanwhile();
    goOn();
    await allDone();
  }

  it('asks for others when what it waits for is forgotten', async () => {
    const [link, file, other] = [scene.link('a'), new MadeFile('file', 400), new MadeFile('other', 2)];
    scene.want('f', file, 'a');
    await allDone();
    scene.want('g', other, 'a');
    await allDone();
    const asked = link.asks.length;
    scene.fetcher.forget('f');
    expect(link.asks.slice(asked).map(({ id }) => id)).toEqual([other.content.id]);
  });

  describe('that goes on with what came before', () => {
    const file = new MadeFile('file', 4);
    let sees: (chunks: readonly number[]) => void;
    beforeEach(() => {
      scene.seen = new Promise((resolve) => {
        sees = (chunks) => resolve(new Set(chunks));
      });
    });

    it('asks for the rest meanwhile, and then for what turned out to be missing', async () => {
      const link = scene.link('a');
      scene.unseen = [0, 1];
      scene.want('f', file, 'a');
      await allDone();
      const [rest] = link.asks;
      if (rest !== undefined) scene.fetcher.take(link, file.answer(rest));
      await allDone();
      expect([rest, scene.fetched]).toEqual([jasmine.objectContaining({ first: 2, count: 2 }), []]);
      sees([0]);
      await allDone();
      const [, wrong] = link.asks;
      if (wrong !== undefined) scene.fetcher.take(link, file.answer(wrong));
      await allDone();
      expect([wrong, scene.fetched]).toEqual([jasmine.objectContaining({ first: 1, count: 1 }), ['f']]);
    });

    it('finishes what turns out to be whole, also when nobody can be asked any more', async () => {
      scene.unseen = [0, 1, 2, 3];
      scene.want('f', file, 'a');
      await allDone();
      expect([scene.open, scene.fetched]).toEqual([1, []]);
      sees([0, 1, 2, 3]);
      await allDone();
      expect([scene.open, scene.fetched]).toEqual([0, ['f']]);
    });

    it('finishes what turns out to be whole when its last bytes are written, and nobody can be asked any more', async () => {
      const link = scene.link('a');
      let writes: () => void = () => undefined;
      scene.beforeWrite = new Promise((resolve) => (writes = resolve));
      scene.unseen = [0, 1];
      scene.want('f', file, 'a');
      await allDone();
      const [rest] = link.asks;
      if (rest !== undefined) scene.fetcher.take(link, file.answer(rest));
      scene.links.delete('a');
      scene.fetcher.down(link);
      sees([0, 1]);
      await allDone();
      expect([scene.open, scene.fetched]).toEqual([1, []]);
      writes();
      await allDone();
      expect([scene.open, scene.fetched]).toEqual([0, ['f']]);
    });

    it('asks for others while it looks, where there is nothing more to ask for', async () => {
      const link = scene.link('a');
      let gathers: () => void = () => undefined;
      scene.beforeGather = new Promise((resolve) => (gathers = resolve));
      scene.unseen = [0, 1, 2, 3];
      scene.want('f', file, 'a');
      await allDone();
      scene.beforeGather = Promise.resolve();
      scene.unseen = [];
      const other = new MadeFile('other', 2);
      scene.want('g', other, 'a');
      await allDone();
      expect(link.asks).toEqual([]);
      gathers();
      await allDone();
      expect(link.asks.map(({ id }) => id)).toEqual([other.content.id]);
    });

    it('lets go of what is not whole when nobody can be asked any more', async () => {
      scene.unseen = [0, 1, 2, 3];
      scene.want('f', file, 'a');
      sees([0, 1, 3]);
      await allDone();
      expect([scene.open, scene.fetched]).toEqual([0, []]);
    });

    it('does nothing more with what was forgotten meanwhile', async () => {
      const link = scene.link('a');
      scene.unseen = [0, 1];
      scene.want('f', file, 'a');
      await allDone();
      scene.fetcher.forget('f');
      sees([0]);
      await allDone();
      expect([scene.open, scene.fetched, link.asks.length]).toEqual([0, [], 1]);
    });
  });

  it('says in words why the disk takes nothing, whatever the name of the file that the system complains of', async () => {
    scene.link('a');
    scene.problem = Object.assign(new Error("EROFS: read-only file system, open '/a\n\u001b[2J'"), { code: 'EROFS' });
    scene.want('f', new MadeFile('file', 2), 'a');
    await allDone();
    expect(scene.failed).toEqual(['f the disk may only be read']);
    scene.problem = new ShareDiskError('E_SHARE_NO_ROOM', 'there is no room');
    scene.want('f', new MadeFile('file', 2), 'a');
    await allDone();
    expect(scene.failed.at(-1)).toBe('f there is no room');
  });
});
