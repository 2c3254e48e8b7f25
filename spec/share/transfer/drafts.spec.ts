import { wholeOf } from '../../../lib/share/chunks/chunk-list.ts';
import type { Link } from '../../../lib/share/link/link.ts';
import { DraftTeller } from '../../../lib/share/transfer/draft-teller.ts';
import { wireLimits } from '../../../lib/share/wire/limits.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { allDone, FetchScene, MadeFile, SilentLink } from './transfer-scene.ts';

const DRAFT = 'd'.repeat(64);
const KIB = 1024;

describe('A draft of a peer', () => {
  let scene: FetchScene;
  let link: SilentLink;
  const file = new MadeFile('file', 32);
  const packed = wholeOf(file.content).packed;

  beforeEach(() => {
    scene = new FetchScene();
    link = scene.link('a');
  });

  /** The peer begins to read, and has found so many chunks. */
  async function begin(chunks: number): Promise<void> {
    scene.fetcher.hearDraft(link, { kind: 'draft', draft: DRAFT, path: 'f', size: file.content.size });
    await tell(0, chunks);
  }

  async function tell(from: number, to: number): Promise<void> {
    scene.fetcher.hearDraft(link, { kind: 'draft-chunks', draft: DRAFT, chunks: packed.subarray(35 * from, 35 * to) });
    await allDone();
  }

  function end(id?: string): void {
    scene.fetcher.hearDraft(link, { kind: 'draft-end', draft: DRAFT, ...(id !== undefined && { id }) });
  }

  async function answer(from: number): Promise<void> {
    for (let number = from; number < link.asks.length; number += 1) {
      const ask = link.asks[number];
      if (ask !== undefined) scene.fetcher.take(link, file.answer(ask));
      await allDone();
    }
  }

  it('is asked for while it is read, and finished when it is told what it has become', async () => {
    await begin(10);
    expect(link.asks).toEqual([jasmine.objectContaining({ id: DRAFT, first: 0, count: 10 })]);
    await answer(0);
    await tell(10, 32);
    await answer(1);
    expect(scene.fetched).toEqual([]);
    end(file.content.id);
    scene.want('f', file, 'a');
    await allDone();
    expect([scene.fetched, scene.open]).toEqual([['f'], 0]);
    expect(link.asks.reduce((sum, { count }) => sum + count, 0)).toBe(32);
    expect(scene.became).toEqual([file.content.id]);
  });

  it('is asked for without what came of one that broke off, which is looked at meanwhile', async () => {
    let sees: (chunks: ReadonlySet<number>) => void = () => undefined;
    scene.seen = new Promise((resolve) => (sees = resolve));
    scene.unseen = [0, 1, 2];
    await begin(10);
    await tell(10, 32);
    expect(link.asks).toEqual([jasmine.objectContaining({ first: 3, count: 7 })]);
    sees(new Set([0, 2]));
    await allDone();
    expect(link.asks.slice(1).map(({ first, count }) => [first, count])).toEqual([
      [1, 1],
      [10, 16],
      [26, 6],
    ]);
    end(file.content.id);
    scene.want('f', file, 'a');
    await answer(0);
    expect([scene.fetched, scene.open]).toEqual([['f'], 0]);
  });

  it('is finished with what came of one that broke off, also when nobody can be asked for it any more', async () => {
    let sees: (chunks: ReadonlySet<number>) => void = () => undefined;
    scene.unseen = Array.from({ length: 32 }, (_, chunk) => chunk);
    scene.seen = new Promise((resolve) => (sees = resolve));
    await begin(10);
    await tell(10, 32);
    end(file.content.id);
    scene.want('f', file, 'a');
    scene.links.delete('a');
    scene.fetcher.down(link);
    sees(new Set(scene.unseen));
    await allDone();
    expect([scene.fetched, scene.open]).toEqual([['f'], 0]);
  });

  it('is asked for by its new name from the moment when it has become something', async () => {
    const large = new MadeFile('large', 200);
    const { size, id } = large.content;
    scene.fetcher.hearDraft(link, { kind: 'draft', draft: DRAFT, path: 'f', size });
    scene.fetcher.hearDraft(link, { kind: 'draft-chunks', draft: DRAFT, chunks: wholeOf(large.content).packed });
    await allDone();
    const asked = link.asks.length;
    end(id);
    scene.want('f', large, 'a');
    for (let number = 0; number < link.asks.length; number += 1) {
      const ask = link.asks[number];
      if (ask !== undefined) scene.fetcher.take(link, large.answer(ask));
      await allDone();
    }
    expect(new Set(link.asks.slice(0, asked).map((ask) => ask.id))).toEqual(new Set([DRAFT]));
    expect(new Set(link.asks.slice(asked).map((ask) => ask.id))).toEqual(new Set([id]));
    expect(scene.fetched).toEqual(['f']);
  });

  it('is nothing when its chunks are not those of what it is said to have become', async () => {
    const other = new MadeFile('other', 32);
    await begin(32);
    end(other.content.id);
    scene.want('f', other, 'a');
    await allDone();
    expect(scene.open).toBe(1);
    expect(link.asks.at(-1)?.id).toBe(other.content.id);
    expect(scene.fetched).toEqual([]);
  });

  it('is let go of when it has become nothing, when the peer is gone, or when nobody wants what it has become', async () => {
    for (const over of [
      () => end(),
      () => scene.fetcher.down(link),
      () => {
        end(file.content.id);
        scene.clock.advance(30_000);
      },
    ]) {
      await begin(32);
      expect(scene.open).toBe(1);
      over();
      await allDone();
      expect(scene.open).toBe(0);
    }
    expect([...scene.fetcher.fetches]).toEqual([]);
  });

  it('is not begun as long as it is what is held at its path, and then from its beginning', async () => {
    const before = new MadeFile('file', 20);
    scene.held.set('f', wholeOf(before.content));
    await begin(15);
    expect([scene.open, link.asks]).toEqual([0, []]);
    await tell(15, 32);
    expect([scene.open, link.asks[0]?.first]).toEqual([1, 0]);
  });

  it('costs nothing where it has become what is there already', async () => {
    scene.held.set('f', wholeOf(file.content));
    await begin(32);
    end(file.content.id);
    scene.clock.advance(30_000);
    expect([scene.mostOpen, link.asks, [...scene.fetcher.fetches]]).toEqual([0, [], []]);
  });

  it('leaves nothing behind when nobody wants what it has become', async () => {
    await begin(32);
    end(file.content.id);
    scene.clock.advance(30_000);
    await allDone();
    expect([scene.open, scene.discarded]).toEqual([0, 1]);
  });

  it('is asked for once more where a chunk came damaged, and let go of without a word when that is wrong again', async () => {
    await begin(32);
    let answered = 0;
    for (const open of [1, 0]) {
      const asks = link.asks.slice(answered);
      answered += asks.length;
      expect(asks.length).toBeGreaterThan(0);
      for (const ask of asks)
        scene.fetcher.take(
          link,
          file.answer(ask, (data) => data.fill(0)),
        );
      await allDone();
      expect(scene.open).toBe(open);
    }
    expect([scene.cutOff, scene.missing, scene.failed]).toEqual([[], [], []]);
  });

  it('does no harm when there are more chunks than it can have, or more drafts than a peer has', async () => {
    await begin(32);
    await tell(0, 1);
    expect(scene.open).toBe(0);
    for (let number = 0; number < 50; number += 1) {
      const draft = `${number}`.padStart(64, '0');
      scene.fetcher.hearDraft(link, { kind: 'draft', draft, path: `${number}`, size: 2 ** 40 });
      scene.fetcher.hearDraft(link, { kind: 'draft-chunks', draft, chunks: packed });
    }
    await allDone();
    expect(scene.open).toBe(8);
  });

  it('is passed over when too many of that address have come to nothing, until some time has passed', async () => {
    const { draftsAtOnce, draftsPerMinute } = wireLimits;
    for (let drafts = 0; drafts < draftsAtOnce; drafts += 1) {
      await begin(1);
      expect(scene.open).withContext(`${drafts}`).toBe(1);
      if (drafts % 2 === 0) end();
      else scene.fetcher.down(link);
      await allDone();
    }
    for (let drafts = 0; drafts < 10; drafts += 1) {
      await begin(1);
      expect(scene.open).toBe(0);
      end();
    }
    scene.clock.advance(60_000 / draftsPerMinute);
    await begin(1);
    expect(scene.open).toBe(1);
  });

  it('is followed however many of that address have become contents', async () => {
    for (let drafts = 0; drafts <= wireLimits.draftsAtOnce; drafts += 1) {
      const asked = link.asks.length;
      await begin(32);
      await answer(asked);
      end(file.content.id);
      scene.want('f', file, 'a');
      await allDone();
      expect(scene.fetched).toHaveSize(drafts + 1);
    }
    expect(scene.became).toHaveSize(wireLimits.draftsAtOnce + 1);
  });

  it('is passed over where one of the same id is followed', async () => {
    await begin(10);
    scene.fetcher.hearDraft(link, { kind: 'draft', draft: DRAFT, path: 'g', size: 9 });
    await tell(10, 32);
    expect(scene.begun).toHaveSize(1);
    await answer(0);
    end(file.content.id);
    scene.want('f', file, 'a');
    await allDone();
    expect([scene.fetched, scene.open]).toEqual([['f'], 0]);
  });

  it('has a part of its own, also where one of the same id has become something that still comes', async () => {
    await begin(32);
    end(file.content.id);
    scene.want('f', file, 'a');
    await begin(32);
    expect([scene.begun.length, new Set(scene.begun).size]).toEqual([2, 2]);
  });

  it('is passed over as long as many have become contents that still come', async () => {
    const files = Array.from({ length: 100 }, (_, number) => new MadeFile(`${number}`, 4));
    for (const [number, { content }] of files.entries()) {
      const draft = `${number}`.padStart(64, '0');
      scene.fetcher.hearDraft(link, { kind: 'draft', draft, path: `${number}`, size: content.size });
      scene.fetcher.hearDraft(link, { kind: 'draft-chunks', draft, chunks: wholeOf(content).packed });
      await allDone();
      scene.fetcher.hearDraft(link, { kind: 'draft-end', draft, id: content.id });
      scene.fetcher.want({ path: `${number}`, content, peers: ['a'] });
    }
    await allDone();
    expect(scene.open).toBeLessThanOrEqual(2 * 32);
    expect(scene.became).toHaveSize(32);
    for (let number = 0; number < link.asks.length; number += 1) {
      const ask = link.asks[number];
      const made = files.find(({ content }, index) =>
        [content.id, `${index}`.padStart(64, '0')].includes(ask?.id ?? ''),
      );
      if (ask !== undefined && made !== undefined) scene.fetcher.take(link, made.answer(ask));
      await allDone();
    }
    expect([scene.fetched.length, scene.open]).toEqual([100, 0]);
    await begin(32);
    expect(scene.open).toBe(1);
  });

  it('is never taken for a content, whatever it is called', async () => {
    scene.fetcher.hearDraft(link, { kind: 'draft', draft: file.content.id, path: 'f', size: file.content.size });
    await allDone();
    scene.want('f', file, 'a');
    await allDone();
    await answer(0);
    expect(scene.fetched).toEqual(['f']);
  });

  it('is asked for by the name of its content where it is not given any more', async () => {
    await begin(32);
    end(file.content.id);
    scene.want('f', file, 'a');
    const asked = [...link.asks];
    for (const { request } of asked) scene.fetcher.gone(link, request);
    expect([scene.gone, scene.missing]).toEqual([[], []]);
    await answer(asked.length);
    expect(scene.fetched).toEqual(['f']);
  });
});

describe('A DraftTeller', () => {
  const file = new MadeFile('large', 200);
  const packed = wholeOf(file.content).packed;
  let link: SilentLink;
  let clock: ManualClock;
  let isCurrent: boolean;

  function tellerFor(links: readonly Link[]): DraftTeller {
    return new DraftTeller({ clock, freshId: () => DRAFT, links: () => links, isCurrent: () => isCurrent });
  }

  beforeEach(() => {
    link = new SilentLink('a');
    clock = new ManualClock();
    isCurrent = true;
  });

  const large = { path: 'f', where: '/f', stamp: '1', size: file.content.size };

  it('tells of all chunks, and of the content before anybody else does', () => {
    const draft = tellerFor([link]).begin(large);
    draft?.add(packed.subarray(0, 35 * 7));
    draft?.end(file.content);
    draft?.end();
    expect(link.sent).toEqual([
      { kind: 'draft', draft: DRAFT, path: 'f', size: file.content.size },
      { kind: 'draft-chunks', draft: DRAFT, chunks: packed.subarray(0, 35 * 7) },
      { kind: 'draft-chunks', draft: DRAFT, chunks: packed.subarray(35 * 7) },
      { kind: 'draft-end', draft: DRAFT, id: file.content.id },
    ]);
  });

  it('tells of a file when its first chunks are there, and whoever is here by then', () => {
    const links: Link[] = [];
    const teller = tellerFor(links);
    const waiting = [teller.begin(large), teller.begin(large)];
    expect(teller.sourceOf(DRAFT)).toBeUndefined();
    links.push(link);
    waiting[0]?.add(packed.subarray(0, 35 * 7));
    expect(link.sent.map(({ kind }) => kind)).toEqual(['draft', 'draft-chunks']);
    // It was read in one go: the entry tells all that there is to be told.
    waiting[1]?.end(file.content);
    expect(link.sent.length).toBe(2);
  });

  it('has become nothing when there is more of it than there was when somebody looked, or less', () => {
    const more = tellerFor([link]).begin({ ...large, size: 190 * 64 * KIB });
    more?.add(packed.subarray(0, 35 * 100));
    more?.add(packed.subarray(35 * 100));
    more?.add(packed.subarray(0, 35));
    more?.end(file.content);
    expect(link.sent.slice(-2).map(({ kind }) => kind)).toEqual(['draft-chunks', 'draft-end']);
    expect(link.sent.at(-1)).toEqual({ kind: 'draft-end', draft: DRAFT });
    const less = tellerFor([link]).begin({ ...large, size: 210 * 64 * KIB });
    less?.add(packed);
    less?.end(file.content);
    expect(link.sent.at(-1)).toEqual({ kind: 'draft-end', draft: DRAFT });
  });

  it('gives what is known of it as long as the file is what it was, and for a minute after its end', () => {
    const teller = tellerFor([link]);
    const draft = teller.begin(large);
    draft?.add(packed.subarray(0, 35 * 7));
    expect([teller.sourceOf(DRAFT)?.list.count, teller.sourceOf(DRAFT)?.isCurrent()]).toEqual([7, true]);
    isCurrent = false;
    expect(teller.sourceOf(DRAFT)?.isCurrent()).toBe(false);
    draft?.end();
    clock.advance(59_000);
    expect(teller.sourceOf(DRAFT)).toBeDefined();
    clock.advance(1_000);
    expect(teller.sourceOf(DRAFT)).toBeUndefined();
  });

  it('says that it is nothing when the file has more than it had', () => {
    const draft = tellerFor([link]).begin(large);
    draft?.add(packed);
    draft?.add(packed);
    draft?.end(file.content);
    expect(link.sent.map(({ kind }) => kind)).toEqual(['draft', 'draft-chunks', 'draft-end']);
    expect(link.sent.at(-1)).toEqual({ kind: 'draft-end', draft: DRAFT });
  });

  it('says nothing of a file that is soon read, or where nobody listens', () => {
    expect(tellerFor([link]).begin({ ...large, size: 4096 * KIB })).toBeUndefined();
    const unheard = tellerFor([]);
    const draft = unheard.begin(large);
    draft?.add(packed);
    draft?.end(file.content);
    expect(unheard.sourceOf(DRAFT)).toBeUndefined();
    expect(link.sent).toEqual([]);
  });
});
