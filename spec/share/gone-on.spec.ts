import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeOf } from '../../lib/share/chunks/chunk-list.ts';
import { GrowingList } from '../../lib/share/chunks/growing-list.ts';
import { freshDraftName } from '../../lib/share/transfer/draft-name.ts';
import { Fetch } from '../../lib/share/transfer/fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { contentOf, DiskFetchesScene } from './disk-fetches-scene.ts';
import { allDone, MadeFile } from './transfer/transfer-scene.ts';

describe('Parts that are gone on with', () => {
  const folder = temporaryFolder();
  const file = new MadeFile('file', 12);
  const { packed } = wholeOf(file.content);
  let scene: DiskFetchesScene;

  beforeEach(() => {
    scene = new DiskFetchesScene(folder());
  });

  it('make a whole file of a draft of which a single chunk was known at the beginning', async () => {
    const { fetch, list } = await scene.draft(file, 1);
    await scene.take(fetch, file);
    list.add(packed.subarray(35));
    await fetch.grow();
    await scene.take(fetch, file);
    fetch.become(file.content, ['a']);
    expect(fetch.isWhole).toBe(true);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
  });

  it('go on with what came of a draft that broke off when the content is wanted, and when it is read anew', async () => {
    await scene.brokenDraft(file, 5);
    const { fetch: anew } = await scene.draft(file, 8);
    expect([anew.isResumed, await scene.take(anew, file)]).toEqual([true, 3]);
    anew.leave();
    await anew.left;
    const fetch = await scene.fetch(file);
    expect([fetch.isResumed, await scene.take(fetch, file)]).toEqual([true, 4]);
    expect([await fetch.look(), fetch.isWhole]).toEqual([true, true]);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
    expect([...scene.parts.all].map(({ id }) => id)).toEqual([file.content.id]);
  });

  it('begin anew where what came of a draft was removed by somebody, or all of the folder that it lay in', async () => {
    for (const removed of [(where: string) => where, () => join(scene.folder, 'tmp')]) {
      await scene.brokenDraft(file, 5);
      const [part] = scene.parts.all;
      rmSync(removed(part?.where ?? ''), { recursive: true });
      const fetch = await scene.fetch(file);
      expect([fetch.isResumed, await scene.take(fetch, file)]).toEqual([false, 12]);
      const where = await fetch.finish();
      expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
      expect([...scene.parts.all].map(({ id }) => id)).toEqual([file.content.id]);
      await scene.fetches.used(where);
    }
  });

  it('begin anew where the file of a draft was removed before it became something', async () => {
    const { fetch: removed } = await scene.draft(file, 12);
    await scene.take(removed, file);
    const [part] = scene.parts.all;
    rmSync(part?.where ?? '');
    expect(() => removed.become(file.content, ['a'])).toThrowError(/removed/);
    removed.leave();
    await removed.left;
    const fetch = await scene.fetch(file);
    expect([fetch.isResumed, await scene.take(fetch, file)]).toEqual([false, 12]);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
    expect([...scene.parts.all].map(({ id }) => id)).toEqual([file.content.id]);
  });

  it('let nobody go on with a part before whoever had it has let go of it', async () => {
    const did: string[] = [];
    const first = await scene.fetch(file);
    first.leave();
    const left = first.left.then(() => did.push('left'));
    const second = await scene.fetches.begin(file.content, first.list, 'f');
    did.push('begun');
    await left;
    expect(did).toEqual(['left', 'begun']);
    await second.leave();
  });

  it('give a part that two begin at the same time to one after the other', async () => {
    const did: string[] = [];
    const { list } = new Fetch(file.content, ['a']);
    const begun = [1, 2].map((number) =>
      scene.fetches.begin(file.content, list, 'f').finally(() => did.push(`begun ${number}`)),
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
    const old = new Fetch({ ...other.content, id: 'd'.repeat(64) }, ['a'], { list, path: 'f', atMs: 0 });
    await old.open(await scene.fetches.begin({ id: freshDraftName('d'.repeat(64)), size: list.size }, list, 'f'));
    await old.write({ first: 0, count: 1, bytes: 64 * 1024 }, many.chunks[0] ?? Buffer.alloc(0));
    for (let index = 1; index < count; index += 1) list.add(repeated);
    const grown = old.grow();
    const [part] = scene.parts.all;
    while ([...(part?.chunks ?? [])].length < 2) await new Promise((resolve) => setImmediate(resolve));
    old.leave();
    await old.left;
    const { fetch } = await scene.draft(other, count, 'e');
    await scene.take(fetch, other);
    fetch.become(other.content, ['a']);
    const where = await fetch.finish();
    await grown;
    expect(readFileSync(where).equals(Buffer.concat(other.chunks))).toBe(true);
  });

  it('let go of a part behind what is being written to it', async () => {
    await scene.brokenDraft(file, 5);
    const did: string[] = [];
    // It goes on with the part, and has nothing to read in it: the file is not opened before the first write.
    const other = new MadeFile('other', 12);
    const { fetch, list } = await scene.draft(other, 12, 'e');
    const written = fetch.write({ first: 0, count: 12, bytes: list.size }, Buffer.concat(other.chunks));
    const told = written.then(() => did.push('written'));
    fetch.leave();
    await fetch.left.then(() => did.push('left'));
    await told;
    expect(did).toEqual(['written', 'left']);
  });

  it('believe nothing of a part that another draft has written to in between', async () => {
    await scene.brokenDraft(file, 5);
    // Of the same size, and cut at other places.
    await scene.brokenDraft(new MadeFile('other', 8, 96 * 1024), 3, 'e');
    const fetch = await scene.fetch(file);
    // Two of the five begin where chunks of the other one do, and are known to be gone; of three it is seen.
    expect(await scene.take(fetch, file)).toBe(9);
    expect([await fetch.look(), fetch.isWhole, fetch.hereBytes]).toEqual([true, false, 9 * 65_536]);
    expect(await scene.take(fetch, file)).toBe(3);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(file.chunks))).toBe(true);
  });

  it('ask for what they lack before what is in them was looked at', async () => {
    await scene.brokenDraft(file, 5);
    const fetch = await scene.fetch(file);
    expect([fetch.nextRun(), fetch.hereBytes]).toEqual([{ first: 5, count: 7, bytes: 7 * 65_536 }, 5 * 65_536]);
    await fetch.look();
    expect([fetch.nextRun(), fetch.hereBytes]).toEqual([undefined, 5 * 65_536]);
    fetch.leave();
    await fetch.left;
  });

  it('ask for what was damaged in them, and for nothing else', async () => {
    await scene.brokenDraft(file, 12);
    const [part] = scene.parts.all;
    const damaged = await open(part?.where ?? '', 'r+');
    await damaged.write('!', 3 * 65_536 + 5);
    await damaged.truncate(11 * 65_536 + 1);
    await damaged.truncate(12 * 65_536);
    await damaged.close();
    const fetch = await scene.fetch(file);
    await fetch.look();
    expect(fetch.hereBytes).toBe(10 * 65_536);
    expect([fetch.nextRun()?.first, fetch.nextRun()?.first, fetch.nextRun()]).toEqual([3, 11, undefined]);
    fetch.leave();
    await fetch.left;
  });

  it('ask once for a chunk that comes many times, and is nowhere in them any more', async () => {
    const made = new MadeFile('many', 2);
    const [many = Buffer.alloc(0)] = made.chunks;
    const one = wholeOf(made.content).packed.subarray(0, 35);
    const content = contentOf([one, one, one, one]);
    const broken = new Fetch(content, ['a']);
    await broken.open(await scene.fetches.begin(content, broken.list, 'f'));
    await broken.write({ first: 0, count: 1, bytes: many.length }, many);
    broken.leave();
    await broken.left;
    const [part] = scene.parts.all;
    writeFileSync(part?.where ?? '', Buffer.alloc(content.size));
    const fetch = new Fetch(content, ['a']);
    await fetch.open(await scene.fetches.begin(content, fetch.list, 'f'));
    await fetch.look();
    expect([fetch.nextRun(), fetch.nextRun()]).toEqual([{ first: 0, count: 1, bytes: many.length }, undefined]);
    await fetch.write({ first: 0, count: 1, bytes: many.length }, many);
    expect(fetch.isWhole).toBe(true);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat([many, many, many, many]))).toBe(true);
  });

  it('repeat a chunk that comes many times when the one of them that came was looked at', async () => {
    const made = new MadeFile('many', 2);
    const [many = Buffer.alloc(0)] = made.chunks;
    const one = wholeOf(made.content).packed.subarray(0, 35);
    const content = contentOf([one, one, one]);
    const broken = new Fetch(content, ['a']);
    const part = await scene.fetches.begin(content, broken.list, 'f');
    await part.write(0, many);
    await part.leave();
    const fetch = new Fetch(content, ['a']);
    await fetch.open(await scene.fetches.begin(content, fetch.list, 'f'));
    expect(fetch.nextRun()).toBeUndefined();
    expect([await fetch.look(), fetch.isWhole]).toEqual([true, true]);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat([many, many, many]))).toBe(true);
  });

  it('give each of two drafts that begin at the same time a part of its own', async () => {
    await scene.brokenDraft(file, 5);
    const size = file.content.size;
    const drafts = ['1', '2'].map((digit) => freshDraftName(digit.repeat(64)));
    const opened = await Promise.all(drafts.map((id) => scene.fetches.begin({ id, size }, new GrowingList(size), id)));
    expect([...scene.parts.all].map(({ id }) => id).sort()).toEqual(drafts);
    for (const part of opened) await part.leave();
  });

  it('leave a finished file alone when another draft becomes the same content', async () => {
    const finish = async (digit: string, end: () => Promise<void>) => {
      const { fetch } = await scene.draft(file, 12, digit);
      await end();
      fetch.become(file.content, ['a']);
      await scene.take(fetch, file);
      return fetch.finish();
    };
    let first = '';
    const second = await finish('2', async () => {
      first = await finish('1', async () => undefined);
    });
    for (const where of [first, second]) expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
    expect(first).not.toBe(second);
  });
});
