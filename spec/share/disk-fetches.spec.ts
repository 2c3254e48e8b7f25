import { pbkdf2 } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wholeOf } from '../../lib/share/chunks/chunk-list.ts';
import { GrowingList } from '../../lib/share/chunks/growing-list.ts';
import { Parts } from '../../lib/share/disk/parts.ts';
import { Trash } from '../../lib/share/disk/trash.ts';
import { DiskFetches } from '../../lib/share/disk-fetches.ts';
import type { SavedEntry } from '../../lib/share/replica/events.ts';
import { ContentIndex } from '../../lib/share/transfer/content-index.ts';
import { freshDraftName } from '../../lib/share/transfer/draft-name.ts';
import { Fetch } from '../../lib/share/transfer/fetch.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { allDone, MadeFile } from './transfer/transfer-scene.ts';

const DRAFT = 'd'.repeat(64);

describe('DiskFetches', () => {
  const folder = temporaryFolder();
  const file = new MadeFile('file', 12);
  const { packed } = wholeOf(file.content);
  let parts: Parts;
  let trash: Trash;
  let fetches: DiskFetches;
  let index: ContentIndex;
  let held: SavedEntry | undefined;
  let isCurrent: (held: SavedEntry) => boolean;
  let known: () => Promise<void> | undefined;
  let here: number[];

  beforeEach(() => {
    const clock = new ManualClock();
    const tmp = join(folder(), 'tmp');
    index = new ContentIndex();
    held = undefined;
    isCurrent = () => false;
    known = () => undefined;
    here = [];
    trash = new Trash(join(folder(), 'trash'), clock);
    parts = new Parts({ folder: tmp, clock, onWritten: () => undefined, onGone: () => undefined });
    fetches = new DiskFetches({
      parts,
      tmp,
      trash,
      index,
      held: () => held,
      whereOf: (path) => join(folder(), path),
      isCurrent: (entry) => isCurrent(entry),
      known: () => known(),
      onBegun: () => undefined,
      onHere: (_, bytes) => here.push(bytes),
    });
  });

  /** A draft of which so many chunks are known, and all of those have come. */
  async function draftWith(count: number): Promise<{ readonly fetch: Fetch; readonly list: GrowingList }> {
    const list = new GrowingList(file.content.size);
    list.add(packed.subarray(0, 35 * count));
    const fetch = new Fetch({ ...file.content, id: DRAFT }, ['a'], { list, path: 'f', atMs: 0 });
    await fetch.open(await fetches.begin({ id: freshDraftName(DRAFT), size: list.size }, list, 'f'));
    await take(fetch);
    return { fetch, list };
  }

  /** All that is asked for comes. */
  async function take(fetch: Fetch): Promise<number> {
    let taken = 0;
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(file.chunks.slice(run.first, run.first + run.count)));
      taken += run.count;
    }
    return taken;
  }

  it('make a whole file of a draft of which a single chunk was known at the beginning', async () => {
    const { fetch, list } = await draftWith(1);
    list.add(packed.subarray(35));
    await fetch.grow();
    await take(fetch);
    fetch.become(file.content, ['a']);
    expect(fetch.isWhole).toBe(true);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
  });

  it('go on with what came of a draft that broke off when the content is wanted, and when it is read anew', async () => {
    const { fetch: broken } = await draftWith(5);
    broken.leave();
    await broken.left;
    const { fetch: anew } = await draftWith(8);
    expect(anew.isResumed).toBe(true);
    anew.leave();
    await anew.left;
    const fetch = new Fetch(file.content, ['a']);
    await fetch.open(await fetches.begin(file.content, fetch.list, 'f'));
    expect([fetch.isResumed, await take(fetch)]).toEqual([true, 4]);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
    expect([...parts.all].map(({ id }) => id)).toEqual([file.content.id]);
  });

  it('begin anew where what came of a draft was removed by somebody, or all of the folder that it lay in', async () => {
    for (const removed of [(where: string) => where, () => join(folder(), 'tmp')]) {
      const { fetch: broken } = await draftWith(5);
      broken.leave();
      await broken.left;
      const [part] = parts.all;
      rmSync(removed(part?.where ?? ''), { recursive: true });
      const fetch = new Fetch(file.content, ['a']);
      await fetch.open(await fetches.begin(file.content, fetch.list, 'f'));
      expect([fetch.isResumed, await take(fetch)]).toEqual([false, 12]);
      const where = await fetch.finish();
      expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
      expect([...parts.all].map(({ id }) => id)).toEqual([file.content.id]);
      await fetches.used(where);
    }
  });

  it('begin anew where the file of a draft was removed before it became something', async () => {
    const { fetch: removed } = await draftWith(12);
    const [part] = parts.all;
    rmSync(part?.where ?? '');
    expect(() => removed.become(file.content, ['a'])).toThrowError(/removed/);
    removed.leave();
    await removed.left;
    const fetch = new Fetch(file.content, ['a']);
    await fetch.open(await fetches.begin(file.content, fetch.list, 'f'));
    expect([fetch.isResumed, await take(fetch)]).toEqual([false, 12]);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
    expect([...parts.all].map(({ id }) => id)).toEqual([file.content.id]);
  });

  it('let nobody go on with a part before whoever had it has let go of it', async () => {
    const did: string[] = [];
    const first = new Fetch(file.content, ['a']);
    await first.open(await fetches.begin(file.content, first.list, 'f'));
    first.leave();
    const left = first.left.then(() => did.push('left'));
    const second = await fetches.begin(file.content, first.list, 'f');
    did.push('begun');
    await left;
    expect(did).toEqual(['left', 'begun']);
    await second.leave();
  });

  it('give a part that two begin at the same time to one after the other', async () => {
    const did: string[] = [];
    const { list } = new Fetch(file.content, ['a']);
    const begun = [1, 2].map((number) =>
      fetches.begin(file.content, list, 'f').finally(() => did.push(`begun ${number}`)),
    );
    const first = await begun[0];
    for (let turn = 0; turn < 3; turn += 1) await allDone();
    did.push('leaving');
    await first?.leave();
    const second = await begun[1];
    expect(did).toEqual(['begun 1', 'leaving', 'begun 2']);
    await second?.leave();
  });

  it('write nothing more to a part that was let go of while a chunk that comes many times was repeated in it', async () => {
    const count = 256;
    const other = new MadeFile('other', count);
    const list = new GrowingList(other.content.size);
    const many = new MadeFile('many', 2);
    const repeated = wholeOf(many.content).packed.subarray(0, 35);
    list.add(repeated);
    const old = new Fetch({ ...other.content, id: DRAFT }, ['a'], { list, path: 'f', atMs: 0 });
    await old.open(await fetches.begin({ id: freshDraftName(DRAFT), size: list.size }, list, 'f'));
    await old.write({ first: 0, count: 1, bytes: 64 * 1024 }, many.chunks[0] ?? Buffer.alloc(0));
    for (let index = 1; index < count; index += 1) list.add(repeated);
    const grown = old.grow();
    const [part] = parts.all;
    while ([...(part?.chunks ?? [])].length < 2) await new Promise((resolve) => setImmediate(resolve));
    old.leave();
    await old.left;
    const anew = new GrowingList(other.content.size);
    anew.add(wholeOf(other.content).packed);
    const fetch = new Fetch({ ...other.content, id: 'e'.repeat(64) }, ['a'], { list: anew, path: 'g', atMs: 0 });
    await fetch.open(await fetches.begin({ id: freshDraftName('e'.repeat(64)), size: anew.size }, anew, 'g'));
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(other.chunks.slice(run.first, run.first + run.count)));
    }
    fetch.become(other.content, ['a']);
    const where = await fetch.finish();
    await grown;
    expect(readFileSync(where).equals(Buffer.concat(other.chunks))).toBe(true);
  });

  it('let go of a part behind what is being written to it', async () => {
    const { fetch: broken } = await draftWith(5);
    broken.leave();
    await broken.left;
    const did: string[] = [];
    // It goes on with the part, and has nothing to read in it: the file is not opened before the first write.
    const other = new MadeFile('other', 12);
    const list = new GrowingList(other.content.size);
    list.add(wholeOf(other.content).packed);
    const fetch = new Fetch({ ...other.content, id: 'e'.repeat(64) }, ['a'], { list, path: 'g', atMs: 0 });
    await fetch.open(await fetches.begin({ id: freshDraftName('e'.repeat(64)), size: list.size }, list, 'g'));
    const written = fetch.write({ first: 0, count: 12, bytes: list.size }, Buffer.concat(other.chunks));
    const told = written.then(() => did.push('written'));
    fetch.leave();
    await fetch.left.then(() => did.push('left'));
    await told;
    expect(did).toEqual(['written', 'left']);
  });

  it('believe nothing of a part that another draft has written to in between', async () => {
    const { fetch: broken } = await draftWith(5);
    broken.leave();
    await broken.left;
    // Of the same size, and cut at other places.
    const other = new MadeFile('other', 8, 96 * 1024);
    const list = new GrowingList(other.content.size);
    list.add(wholeOf(other.content).packed.subarray(0, 35 * 3));
    const fetch = new Fetch({ ...other.content, id: 'e'.repeat(64) }, ['a'], { list, path: 'g', atMs: 0 });
    await fetch.open(await fetches.begin({ id: freshDraftName('e'.repeat(64)), size: list.size }, list, 'g'));
    expect(fetch.hereBytes).toBe(0);
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(other.chunks.slice(run.first, run.first + run.count)));
    }
    fetch.leave();
    await fetch.left;
    const again = new Fetch(file.content, ['a']);
    await again.open(await fetches.begin(file.content, again.list, 'f'));
    await take(again);
    expect(readFileSync(await again.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
  });

  it('give each of two drafts that begin at the same time a part of its own', async () => {
    const { fetch: broken } = await draftWith(5);
    broken.leave();
    await broken.left;
    const size = file.content.size;
    const drafts = ['1', '2'].map((digit) => freshDraftName(digit.repeat(64)));
    const opened = await Promise.all(drafts.map((id) => fetches.begin({ id, size }, new GrowingList(size), id)));
    expect([...parts.all].map(({ id }) => id).sort()).toEqual(drafts);
    for (const part of opened) await part.leave();
  });

  it('give a copy of a finished file to whoever wants the same before that is where it belongs', async () => {
    const fetch = new Fetch(file.content, ['a']);
    await fetch.open(await fetches.begin(file.content, fetch.list, 'f'));
    await take(fetch);
    const first = await fetch.finish();
    const second = (await fetches.whole(file.content, undefined)) ?? first;
    expect(second).not.toBe(first);
    renameSync(first, join(folder(), 'f'));
    await fetches.used(first);
    for (const where of [join(folder(), 'f'), second]) {
      expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
    }
  });

  it('leave no copy behind of a file that was changed while it was copied', async () => {
    writeFileSync(join(folder(), 'g'), Buffer.concat(file.chunks));
    index.replace('g', undefined, file.content);
    held = { entry: { path: 'g', content: file.content, version: [] }, number: 1, stamp: '1' };
    const answers = [true, false];
    isCurrent = () => answers.shift() ?? false;
    expect(await fetches.whole(file.content, undefined)).toBeUndefined();
    expect([answers, readdirSync(join(folder(), 'tmp'))]).toEqual([[], []]);
  });

  it('take nothing from the trash that somebody still writes to', async () => {
    const where = trash.placeFor('f');
    writeFileSync(where, Buffer.concat(file.chunks));
    utimesSync(where, 1, 1);
    trash.remember(file.content.id, where);
    // All threads are busy: it is not even looked at before.
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 50_000, 32, 'sha256'));
    const copied = fetches.whole(file.content, undefined);
    writeFileSync(where, 'by hand', { flag: 'r+' });
    await Promise.all(busy);
    expect([await copied, readdirSync(join(folder(), 'tmp'))]).toEqual([undefined, []]);
  });

  it('copy what was found at one path meanwhile for the others that it is wanted for', async () => {
    const large = new MadeFile('large', 48);
    writeFileSync(join(folder(), 'f'), Buffer.concat(large.chunks));
    known = async () => {
      index.replace('f', undefined, large.content);
      held = { entry: { path: 'f', content: large.content, version: [] }, number: 1, stamp: '1' };
      isCurrent = () => true;
    };
    const fetch = new Fetch(large.content, ['a']);
    await fetch.open(await fetches.begin(large.content, fetch.list, 'f'));
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(large.chunks.slice(run.first, run.first + run.count)));
    }
    expect(fetch.isWhole).toBe(true);
    const where = await fetch.finish();
    expect(readFileSync(where).equals(Buffer.concat(large.chunks))).toBe(true);
    expect([...parts.all]).toEqual([]);
  });

  it('take nothing from a file that was changed since they looked at what is in it, whatever is held there now', async () => {
    const old = new MadeFile('old', 12);
    writeFileSync(join(folder(), 'f'), Buffer.concat(old.chunks));
    held = { entry: { path: 'f', content: old.content, version: [] }, number: 1, stamp: '1' };
    let stampNow = '1';
    isCurrent = ({ stamp }) => stamp === stampNow;
    const part = await fetches.begin({ ...old.content, id: file.content.id }, wholeOf(old.content), 'f');
    // Somebody looks at the change before anything is taken.
    writeFileSync(join(folder(), 'f'), Buffer.concat(file.chunks));
    stampNow = '2';
    held = { entry: { path: 'f', content: file.content, version: [] }, number: 2, stamp: '2' };
    expect(await part.gather(0, 12)).toEqual(new Set());
    await part.leave();
  });

  it('take nothing that is not what it is to be, also where the time of the file says so', async () => {
    const old = new MadeFile('old', 24);
    const damaged = Buffer.concat(old.chunks);
    damaged[5 * 64 * 1024] = 1 ^ (damaged[5 * 64 * 1024] ?? 0);
    writeFileSync(join(folder(), 'f'), damaged);
    held = { entry: { path: 'f', content: old.content, version: [] }, number: 1, stamp: '1' };
    isCurrent = () => true;
    const fetch = new Fetch({ ...old.content, id: file.content.id }, ['a']);
    await fetch.open(await fetches.begin({ ...old.content, id: file.content.id }, fetch.list, 'f'));
    // Of the stretch of 1 MiB with the damaged one nothing is taken.
    expect(fetch.hereBytes).toBe(8 * 64 * 1024);
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(old.chunks.slice(run.first, run.first + run.count)));
    }
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(old.chunks))).toBe(true);
  });

  it('begin once more with a file after they could not', async () => {
    const damaged = { ...file.content, chunks: Buffer.alloc(1) };
    held = { entry: { path: 'f', content: damaged, version: [] }, number: 1, stamp: '1' };
    await expectAsync(fetches.begin(file.content, wholeOf(file.content), 'f')).toBeRejectedWithError(RangeError);
    held = undefined;
    const part = await fetches.begin(file.content, wholeOf(file.content), 'f');
    await part.leave();
  });

  it('leave nothing behind of a content in one piece that is not wanted any more when it is written', async () => {
    const small = new MadeFile('small', 1);
    const fetch = new Fetch(small.content, ['a']);
    await fetch.open(await fetches.begin(small.content, fetch.list, 'f'));
    await fetch.write({ first: 0, count: 1, bytes: small.content.size }, small.chunks[0] ?? Buffer.alloc(0));
    fetch.leave();
    await fetch.left;
    expect(readdirSync(join(folder(), 'tmp'))).toEqual([]);
  });

  it('leave nothing behind of what was found at a path meanwhile and is wanted nowhere else', async () => {
    known = async () => {
      held = { entry: { path: 'f', content: file.content, version: [] }, number: 1, stamp: '1' };
      isCurrent = () => true;
    };
    const fetch = new Fetch(file.content, ['a']);
    fetch.leave();
    await fetch.open(await fetches.begin(file.content, fetch.list, 'f'));
    await fetch.left;
    expect(readdirSync(join(folder(), 'tmp'))).toEqual([]);
  });

  it('count what comes many times in a file, and came once, as what had not to come', async () => {
    const made = new MadeFile('many', 2);
    const [many = Buffer.alloc(0)] = made.chunks;
    const list = new GrowingList(4 * many.length);
    const one = wholeOf(made.content).packed.subarray(0, 35);
    for (let count = 0; count < 4; count += 1) list.add(one);
    const { packed: all, id } = list.toList();
    const content = { ...file.content, size: list.size, id, chunks: Buffer.from(all) };
    const fetch = new Fetch(content, ['a']);
    await fetch.open(await fetches.begin(content, fetch.list, 'f'));
    await fetch.write({ first: 0, count: 1, bytes: many.length }, many);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat([many, many, many, many]))).toBe(true);
    expect(here).toEqual([3 * many.length]);
  });

  it('say why a copy of a finished file cannot be made, and leave nothing of it behind', async () => {
    const there = parts.writeWhole(Buffer.from('abc'));
    rmSync(there);
    await expectAsync(fetches.copy(there)).toBeRejectedWith(jasmine.objectContaining({ code: 'ENOENT' }));
  });

  it('leave a finished file alone when another draft becomes the same content', async () => {
    const finish = async (draft: string, end: () => Promise<void>) => {
      const list = new GrowingList(file.content.size);
      list.add(packed);
      const fetch = new Fetch({ ...file.content, id: draft }, ['a'], { list, path: draft, atMs: 0 });
      await fetch.open(await fetches.begin({ id: freshDraftName(draft), size: list.size }, list, draft));
      await end();
      fetch.become(file.content, ['a']);
      await take(fetch);
      return fetch.finish();
    };
    let first = '';
    const second = await finish('2'.repeat(64), async () => {
      first = await finish('1'.repeat(64), async () => undefined);
    });
    for (const where of [first, second]) expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
    expect(first).not.toBe(second);
  });
});
