import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setAttributes } from '../../../lib/share/disk/attributes.ts';
import { mtimeMsOf } from '../../../lib/share/disk/glance.ts';
import { Part, type WrittenChunk } from '../../../lib/share/disk/part.ts';
import { type PartRecord, Parts } from '../../../lib/share/disk/parts.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { makeSmallDisk, type SmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { idOf } from './share-scene.ts';

const ID = idOf('the whole');
const chunk = (text: string, offset: number): WrittenChunk => ({ hash: idOf(text), offset, size: text.length });

describe('Parts', () => {
  const top = temporaryFolder();
  let clock: ManualClock;
  let kept: Map<string, { size: number; chunks: WrittenChunk[] }>;

  beforeEach(() => {
    clock = new ManualClock(Date.now());
    kept = new Map();
  });

  const folder = () => join(top(), 'tmp');

  /** As a new run finds it. */
  function open(): Parts {
    const records: PartRecord[] = [...kept].map(([id, { size, chunks }]) => ({ id, size, chunks }));
    return new Parts({
      folder: folder(),
      clock,
      kept: records,
      onWritten: ({ id, size }, chunks) => {
        kept.set(id, { size, chunks: [...(kept.get(id)?.chunks ?? []), ...chunks] });
      },
      onGone: (id) => kept.delete(id),
    });
  }

  it('give a small content the time that it is to have, so that it need not be given again', () => {
    for (const mtimeMs of [0, 1_600_000_000_001, 1_700_000_000_999]) {
      const file = open().writeWhole(Buffer.from('x'), { mtimeMs });
      const before = statSync(file, { bigint: true });
      expect(mtimeMsOf(before)).toBe(mtimeMs);
      const same = setAttributes(file, { mtimeMs, isExecutable: false }, 0o600);
      expect(same.ctimeNs).toBe(before.ctimeNs);
      expect(mtimeMsOf(setAttributes(file, { mtimeMs: mtimeMs + 1, isExecutable: false }, 0o644))).toBe(mtimeMs + 1);
      expect(statSync(file).mode & 0o777).toBe(0o644);
    }
  });

  it('hold a file of the whole size, for their owner only, and what was written to it', async () => {
    const part = await open().begin(ID, 9);
    await part.write([chunk('whole', 4)], Buffer.from('whole'));
    await part.write([chunk('the ', 0)], Buffer.from('the '));
    const where = await part.finish();
    expect(readFileSync(where, 'utf8')).toBe('the whole');
    expect((statSync(where).mode & 0o777).toString(8)).toBe('600');
    expect(kept.get(ID)).toEqual({ size: 9, chunks: [chunk('whole', 4), chunk('the ', 0)] });
  });

  it('go on after the process ended, with what was told to be in them', async () => {
    const part = await open().begin(ID, 9);
    await part.write([chunk('the ', 0)], Buffer.from('the '));
    const again = await open().begin(ID, 9);
    expect([again.has(chunk('the ', 0)), again.has(chunk('the ', 5)), again.has(chunk('whole', 4))]).toEqual([
      true,
      false,
      false,
    ]);
    await again.write([chunk('whole', 4)], Buffer.from('whole'));
    expect(readFileSync(await again.finish(), 'utf8')).toBe('the whole');
    await part.close();
  });

  it('begin anew where the file is gone, has another size, or nobody knows what is in it', async () => {
    const parts = open();
    for (const id of ['a', 'b', 'c']) {
      const part = await parts.begin(id.repeat(64), 4);
      await part.write([chunk('text', 0)], Buffer.from('text'));
      await part.close();
    }
    await (await parts.begin('a'.repeat(64), 4)).drop();
    writeFileSync(join(folder(), `${'b'.repeat(64)}.part`), 'longer');
    kept.delete('c'.repeat(64));
    const again = open();
    for (const id of ['a', 'b', 'c']) {
      const part = await again.begin(id.repeat(64), 4);
      expect([...part.chunks]).toEqual([]);
      expect(readFileSync(await part.finish())).toEqual(Buffer.alloc(4));
    }
    expect([...kept.keys()]).toEqual([]);
  });

  it('begin anew where one of that name is to become as many bytes as another', async () => {
    const parts = open();
    const larger = await parts.begin(ID, 8);
    await larger.write([chunk('one', 0)], Buffer.from('one'));
    await larger.close();
    const part = await parts.begin(ID, 3);
    await part.close();
    expect([part.isEmpty, part.size, statSync(part.where).size]).toEqual([true, 3, 3]);
    expect(kept.get(ID)).toBeUndefined();
  });

  it('leave nothing open or behind that cannot become as long as it is to be', async () => {
    mkdirSync(folder());
    const where = join(folder(), 'part');
    const none = () => undefined;
    const part = new Part({ id: ID, size: 2 ** 53, where, chunks: [], onWritten: none, forget: () => true });
    const opened = readdirSync('/proc/self/fd').length;
    await expectAsync(part.create()).toBeRejected();
    expect([readdirSync('/proc/self/fd').length, readdirSync(folder())]).toEqual([opened, []]);
  });

  it('are one for each content, also when two begin at the same time', async () => {
    const parts = open();
    const [one, other] = await Promise.all([parts.begin(ID, 9), parts.begin(ID, 9)]);
    expect(one).toBe(other);
    expect(await parts.begin(ID, 9)).toBe(one);
    await parts.close();
  });

  it('are kept under another name from then on, whatever was known under that, and also behind a crash', async () => {
    const parts = open();
    kept.set(idOf('other'), { size: 9, chunks: [chunk('other', 0)] });
    const part = await parts.begin(ID, 9);
    await part.write([chunk('the ', 0)], Buffer.from('the '));
    parts.rename(part, idOf('other'));
    await part.write([chunk('whole', 4)], Buffer.from('whole'));
    expect(kept).toEqual(new Map([[idOf('other'), { size: 9, chunks: [chunk('the ', 0), chunk('whole', 4)] }]]));
    expect([parts.has(ID), await parts.begin(idOf('other'), 9)]).toEqual([false, part]);
    const again = await open().begin(idOf('other'), 9);
    expect(readFileSync(await again.finish(), 'utf8')).toBe('the whole');
    expect(readdirSync(folder())).toEqual([`${idOf('other')}.part`]);
    await part.close();
  });

  it('are what they were when they cannot be given another name', async () => {
    const parts = open();
    const part = await parts.begin(ID, 9);
    await part.write([chunk('the ', 0)], Buffer.from('the '));
    mkdirSync(join(folder(), `${idOf('other')}.part`, 'in the way'), { recursive: true });
    expect(() => parts.rename(part, idOf('other'))).toThrowError();
    expect(kept).toEqual(new Map([[ID, { size: 9, chunks: [chunk('the ', 0)] }]]));
    expect([parts.has(ID), parts.has(idOf('other')), part.id]).toEqual([true, false, ID]);
    await part.write([chunk('whole', 4)], Buffer.from('whole'));
    const again = await open().begin(ID, 9);
    expect([...again.chunks]).toEqual([chunk('the ', 0), chunk('whole', 4)]);
    expect(readFileSync(await again.finish(), 'utf8')).toBe('the whole');
    await part.close();
  });

  it('are forgotten when they are to be given another name and their file is gone, or not as long as it was', async () => {
    for (const harm of [rmSync, truncateSync]) {
      const parts = open();
      const part = await parts.begin(ID, 9);
      await part.write([chunk('the ', 0)], Buffer.from('the '));
      harm(part.where);
      expect(parts.rename(part, idOf('other'))).toBe(false);
      expect([[...parts.all], [...kept.keys()]]).toEqual([[], []]);
      await part.close();
    }
  });

  it('leave alone what was begun anew under their name when their own file was moved away', async () => {
    const parts = open();
    const part = await parts.begin(ID, 9);
    await part.write([chunk('the ', 0), chunk('whole', 4)], Buffer.from('the whole'));
    renameSync(await part.finish(), join(top(), 'moved'));
    const anew = await parts.begin(ID, 9);
    await part.drop();
    await anew.write([chunk('the ', 0), chunk('whole', 4)], Buffer.from('the whole'));
    expect(readFileSync(await anew.finish(), 'utf8')).toBe('the whole');
    expect([parts.has(ID), kept.has(ID)]).toEqual([true, true]);
  });

  it('are begun anew where a crash has left what they were moved to as the same file', async () => {
    const all = [chunk('the ', 0), chunk('whole', 4)];
    const part = await open().begin(ID, 9);
    await part.write(all, Buffer.from('the whole'));
    const shared = join(top(), 'of the share');
    linkSync(await part.finish(), shared);
    writeFileSync(shared, 'by hand!!', { flag: 'r+' });
    const anew = await open().begin(ID, 9);
    expect(anew.isEmpty).toBe(true);
    await anew.write(all, Buffer.from('the whole'));
    expect([readFileSync(await anew.finish(), 'utf8'), readFileSync(shared, 'utf8')]).toEqual([
      'the whole',
      'by hand!!',
    ]);
  });

  it('are written to while they are given another name', async () => {
    const parts = open();
    for (const name of Array.from({ length: 50 }, (_, index) => idOf(`name ${index}`))) {
      const part = await parts.begin(ID, 9);
      await part.close();
      const written = part.write([chunk('the whole', 0)], Buffer.from('the whole'));
      parts.rename(part, name);
      await written;
      expect(readFileSync(await part.finish(), 'utf8')).toBe('the whole');
    }
  });

  it('that nobody uses go after a day', async () => {
    const parts = open();
    const begun = await Promise.all(['a', 'b', 'c', 'd'].map((id) => parts.begin(id.repeat(64), 4)));
    for (const part of begun) await part.close();
    writeFileSync(join(folder(), 'left.copy'), 'by a crash');
    // The last one waits for a peer that is away.
    for (const part of begun.slice(0, 3)) parts.release(part);
    clock.advance(25 * 60 * 60 * 1000);
    await parts.removeUnused(new Set(['a'.repeat(64)]));
    expect(readdirSync(folder()).sort()).toEqual(['a', 'd'].map((id) => `${id.repeat(64)}.part`));
    expect([...parts.all].map(({ id }) => id[0])).toEqual(['a', 'd']);
  });

  it('and small contents stay for a day, however old the file is that they are to be', async () => {
    const parts = open();
    const part = await parts.begin(ID, 9);
    await part.close();
    parts.release(part);
    utimesSync(part.where, 1, 1);
    const whole = parts.writeWhole(Buffer.from('x'), { mtimeMs: 1000 });
    clock.advance(23 * 60 * 60 * 1000);
    await parts.removeUnused(new Set());
    expect([existsSync(part.where), existsSync(whole)]).toEqual([true, true]);
    clock.advance(2 * 60 * 60 * 1000);
    await parts.removeUnused(new Set());
    expect(readdirSync(folder())).toEqual([]);
  });

  it('may be written to again by their owner after they had been given the rights of what they were to replace', async () => {
    const parts = open();
    const part = await parts.begin(ID, 9);
    await part.write([chunk('the ', 0)], Buffer.from('the '));
    chmodSync(await part.finish(), 0o444);
    parts.release(part);
    const again = await parts.begin(ID, 9);
    expect((statSync(again.where).mode & 0o777).toString(8)).toBe('600');
    await again.write([chunk('whole', 4)], Buffer.from('whole'));
    expect(readFileSync(await again.finish(), 'utf8')).toBe('the whole');
  });

  it('never write through a link that lies in their place', async () => {
    const part = await open().begin(ID, 9);
    await part.drop();
    symlinkSync(join(top(), 'victim'), part.where);
    await expectAsync(part.write([chunk('the ', 0)], Buffer.from('the '))).toBeRejected();
    const again = await open().begin(ID, 9);
    await again.write([chunk('the ', 0)], Buffer.from('the '));
    expect(existsSync(join(top(), 'victim'))).toBe(false);
    await again.close();
  });
});

describe('Parts on a small disk', () => {
  const top = temporaryFolder();
  let disk: SmallDisk;

  afterEach(() => disk.dispose());

  it('leave room for others', async () => {
    disk = makeSmallDisk(join(top(), 'disk'), 1024);
    if (!disk.isShared) pending('no disk can be mounted here');
    const options = { clock: new ManualClock(), onWritten: () => undefined, onGone: () => undefined };
    const parts = new Parts({ folder: join(top(), 'disk/tmp'), ...options });
    await expectAsync(parts.begin(ID, 1020 * 1024)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_SHARE_NO_ROOM', retry: true }),
    );
    expect(readdirSync(join(top(), 'disk/tmp'))).toEqual([]);
    await (await parts.begin(ID, 1000 * 1024)).close();
  });

  it('leave room for what was begun and has not come yet', async () => {
    disk = makeSmallDisk(join(top(), 'disk'), 1024);
    if (!disk.isShared) pending('no disk can be mounted here');
    const options = { clock: new ManualClock(), onWritten: () => undefined, onGone: () => undefined };
    const parts = new Parts({ folder: join(top(), 'disk/tmp'), ...options });
    const [one, other] = [ID, idOf('another')];
    const first = await parts.begin(one, 600 * 1024);
    await expectAsync(parts.begin(other, 500 * 1024)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_SHARE_NO_ROOM' }),
    );
    await first.write([{ hash: one, offset: 0, size: 600 * 1024 }], Buffer.alloc(600 * 1024));
    // What has come is not counted twice.
    await (await parts.begin(other, 400 * 1024)).drop();
    await first.drop();
    await (await parts.begin(other, 1000 * 1024)).close();
  });

  it('leave no room for what nobody writes to any more, before somebody does again', async () => {
    disk = makeSmallDisk(join(top(), 'disk'), 1024);
    if (!disk.isShared) pending('no disk can be mounted here');
    const options = { clock: new ManualClock(), onWritten: () => undefined, onGone: () => undefined };
    const parts = new Parts({ folder: join(top(), 'disk/tmp'), ...options });
    const idle = await parts.begin(ID, 600 * 1024);
    await idle.write([{ hash: ID, offset: 0, size: 100 * 1024 }], Buffer.alloc(100 * 1024, 'x'));
    await idle.close();
    parts.release(idle);
    const other = await parts.begin(idOf('another'), 700 * 1024);
    await expectAsync(parts.begin(ID, 600 * 1024)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_SHARE_NO_ROOM' }),
    );
    await other.drop();
    const again = await parts.begin(ID, 600 * 1024);
    expect(readFileSync(await again.finish()).subarray(0, 100 * 1024)).toEqual(Buffer.alloc(100 * 1024, 'x'));
  });

  it('leave nothing behind of a small content for which there is no room', () => {
    disk = makeSmallDisk(join(top(), 'disk'), 64);
    if (!disk.isShared) pending('no disk can be mounted here');
    const options = { clock: new ManualClock(), onWritten: () => undefined, onGone: () => undefined };
    const parts = new Parts({ folder: join(top(), 'disk/tmp'), ...options });
    expect(() => parts.writeWhole(Buffer.alloc(128 * 1024))).toThrowError(/ENOSPC/);
    expect(readdirSync(join(top(), 'disk/tmp'))).toEqual([]);
  });
});
