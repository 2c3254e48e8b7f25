import { pbkdf2 } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { wholeOf } from '../../lib/share/chunks/chunk-list.ts';
import { Fetch } from '../../lib/share/transfer/fetch.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { contentOf, DiskFetchesScene } from './disk-fetches-scene.ts';
import { MadeFile } from './transfer/transfer-scene.ts';

describe('DiskFetches', () => {
  const folder = temporaryFolder();
  const file = new MadeFile('file', 12);
  let scene: DiskFetchesScene;

  beforeEach(() => {
    scene = new DiskFetchesScene(folder());
  });

  it('give a copy of a finished file to whoever wants the same before that is where it belongs', async () => {
    const fetch = await scene.fetch(file);
    await scene.take(fetch, file);
    const first = await fetch.finish();
    const second = (await scene.fetches.whole(file.content, undefined)) ?? first;
    expect(second).not.toBe(first);
    renameSync(first, join(scene.folder, 'f'));
    await scene.fetches.used(first);
    for (const where of [join(scene.folder, 'f'), second]) {
      expect(readFileSync(where).equals(Buffer.concat(file.chunks))).toBe(true);
    }
  });

  it('leave no copy behind of a file that was changed while it was copied', async () => {
    writeFileSync(join(scene.folder, 'g'), Buffer.concat(file.chunks));
    scene.index.replace('g', undefined, file.content);
    scene.held = { entry: { path: 'g', content: file.content, version: [] }, number: 1, stamp: '1' };
    const answers = [true, false];
    scene.isCurrent = () => answers.shift() ?? false;
    expect(await scene.fetches.whole(file.content, undefined)).toBeUndefined();
    expect([answers, readdirSync(join(scene.folder, 'tmp'))]).toEqual([[], []]);
  });

  it('take nothing from the trash that somebody still writes to', async () => {
    const where = scene.trash.placeFor('f');
    writeFileSync(where, Buffer.concat(file.chunks));
    utimesSync(where, 1, 1);
    scene.trash.remember(file.content.id, where);
    // All threads are busy: it is not even looked at before.
    const busy = Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 50_000, 32, 'sha256'));
    const copied = scene.fetches.whole(file.content, undefined);
    writeFileSync(where, 'by hand', { flag: 'r+' });
    await Promise.all(busy);
    expect([await copied, readdirSync(join(scene.folder, 'tmp'))]).toEqual([undefined, []]);
  });

  it('copy what was found at one path meanwhile for the others that it is wanted for', async () => {
    const large = new MadeFile('large', 48);
    writeFileSync(join(scene.folder, 'f'), Buffer.concat(large.chunks));
    scene.known = async () => {
      scene.index.replace('f', undefined, large.content);
      scene.held = { entry: { path: 'f', content: large.content, version: [] }, number: 1, stamp: '1' };
      scene.isCurrent = () => true;
    };
    const fetch = new Fetch(large.content, ['a']);
    await fetch.open(await scene.fetches.begin(large.content, fetch.list, 'f'));
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(large.chunks.slice(run.first, run.first + run.count)));
    }
    expect(fetch.isWhole).toBe(true);
    const where = await fetch.finish();
    expect(readFileSync(where).equals(Buffer.concat(large.chunks))).toBe(true);
    expect([...scene.parts.all]).toEqual([]);
  });

  it('take nothing from a file that was changed since they looked at what is in it, whatever is held there now', async () => {
    const old = new MadeFile('old', 12);
    writeFileSync(join(scene.folder, 'f'), Buffer.concat(old.chunks));
    scene.held = { entry: { path: 'f', content: old.content, version: [] }, number: 1, stamp: '1' };
    let stampNow = '1';
    scene.isCurrent = ({ stamp }) => stamp === stampNow;
    const part = await scene.fetches.begin({ ...old.content, id: file.content.id }, wholeOf(old.content), 'f');
    // Somebody looks at the change before anything is taken.
    writeFileSync(join(scene.folder, 'f'), Buffer.concat(file.chunks));
    stampNow = '2';
    scene.held = { entry: { path: 'f', content: file.content, version: [] }, number: 2, stamp: '2' };
    expect(await part.gather(0, 12)).toEqual({ here: new Set(), unseen: [] });
    await part.leave();
  });

  it('take nothing that is not what it is to be, also where the time of the file says so', async () => {
    const old = new MadeFile('old', 24);
    const damaged = Buffer.concat(old.chunks);
    damaged[5 * 64 * 1024] = 1 ^ (damaged[5 * 64 * 1024] ?? 0);
    writeFileSync(join(scene.folder, 'f'), damaged);
    scene.held = { entry: { path: 'f', content: old.content, version: [] }, number: 1, stamp: '1' };
    scene.isCurrent = () => true;
    const fetch = new Fetch({ ...old.content, id: file.content.id }, ['a']);
    await fetch.open(await scene.fetches.begin({ ...old.content, id: file.content.id }, fetch.list, 'f'));
    // Of the stretch of 1 MiB with the damaged one nothing is taken.
    expect(fetch.hereBytes).toBe(8 * 64 * 1024);
    for (let run = fetch.nextRun(); run !== undefined; run = fetch.nextRun()) {
      await fetch.write(run, Buffer.concat(old.chunks.slice(run.first, run.first + run.count)));
    }
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat(old.chunks))).toBe(true);
  });

  it('begin once more with a file after they could not', async () => {
    const damaged = { ...file.content, chunks: Buffer.alloc(1) };
    scene.held = { entry: { path: 'f', content: damaged, version: [] }, number: 1, stamp: '1' };
    await expectAsync(scene.fetches.begin(file.content, wholeOf(file.content), 'f')).toBeRejectedWithError(RangeError);
    scene.held = undefined;
    const part = await scene.fetches.begin(file.content, wholeOf(file.content), 'f');
    await part.leave();
  });

  it('leave nothing behind of a content in one piece that is not wanted any more when it is written', async () => {
    const small = new MadeFile('small', 1);
    const fetch = new Fetch(small.content, ['a']);
    await fetch.open(await scene.fetches.begin(small.content, fetch.list, 'f'));
    await fetch.write({ first: 0, count: 1, bytes: small.content.size }, small.chunks[0] ?? Buffer.alloc(0));
    fetch.leave();
    await fetch.left;
    expect(readdirSync(join(scene.folder, 'tmp'))).toEqual([]);
  });

  it('leave nothing behind of what was found at a path meanwhile and is wanted nowhere else', async () => {
    scene.known = async () => {
      scene.held = { entry: { path: 'f', content: file.content, version: [] }, number: 1, stamp: '1' };
      scene.isCurrent = () => true;
    };
    const fetch = new Fetch(file.content, ['a']);
    fetch.leave();
    await fetch.open(await scene.fetches.begin(file.content, fetch.list, 'f'));
    await fetch.left;
    expect(readdirSync(join(scene.folder, 'tmp'))).toEqual([]);
  });

  it('count what comes many times in a file, and came once, as what had not to come', async () => {
    const made = new MadeFile('many', 2);
    const [many = Buffer.alloc(0)] = made.chunks;
    const one = wholeOf(made.content).packed.subarray(0, 35);
    const content = contentOf([one, one, one, one]);
    const fetch = new Fetch(content, ['a']);
    await fetch.open(await scene.fetches.begin(content, fetch.list, 'f'));
    await fetch.write({ first: 0, count: 1, bytes: many.length }, many);
    expect(readFileSync(await fetch.finish()).equals(Buffer.concat([many, many, many, many]))).toBe(true);
    expect(scene.here).toEqual([3 * many.length]);
  });

  it('say why a copy of a finished file cannot be made, and leave nothing of it behind', async () => {
    const there = scene.parts.writeWhole(Buffer.from('abc'));
    rmSync(there);
    await expectAsync(scene.fetches.copy(there)).toBeRejectedWith(jasmine.objectContaining({ code: 'ENOENT' }));
  });
});
