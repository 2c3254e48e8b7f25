import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anyDisk, type Disk } from '../../../lib/server/disk/disk.ts';
import { DiskFile } from '../../../lib/server/disk/disk-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const KIB = 1024;

describe('DiskFile', () => {
  const folder = temporaryFolder();
  const path = () => join(folder(), 'file');
  let askedAtOnce: number;
  const disk: Disk = {
    ask: (atOnce) => {
      askedAtOnce += 1;
      return atOnce();
    },
  };

  beforeEach(() => {
    askedAtOnce = 0;
    writeFileSync(path(), '');
  });

  const opened = (on: Disk = disk) => new DiskFile(openSync(path(), 'r+'), on);

  for (const [how, on] of [
    ['at once', disk],
    ['by threads', anyDisk],
  ] as const) {
    it(`reads, writes and cuts off ${how}`, async () => {
      const file = opened(on);
      expect(await file.write(Buffer.from('some bytes'), 0)).toBe(10);
      expect(await file.write(Buffer.from('BYTES and more'), 5)).toBe(14);
      const into = Buffer.alloc(30);
      expect(await file.read(into, 0)).toBe(19);
      expect(into.toString('utf8', 0, 19)).toBe('some BYTES and more');
      expect([await file.read(into, 19), await file.read(Buffer.alloc(0), 0)]).toEqual([0, 0]);
      await file.truncate(4);
      expect((await file.stats()).size).toBe(4n);
      await file.close();
      expect(readFileSync(path(), 'utf8')).toBe('some');
    });

    it(`cannot be used ${how} any more when it is closed, and can be closed twice`, async () => {
      const file = opened(on);
      await Promise.all([file.close(), file.close()]);
      await file.close();
      const into = Buffer.alloc(1);
      const uses: readonly Promise<unknown>[] = [
        file.read(into, 0),
        file.write(into, 0),
        file.truncate(0),
        file.stats(),
      ];
      for (const using of uses)
        await expectAsync(using).toBeRejectedWith(jasmine.objectContaining({ code: 'E_ABORTED' }));
    });
  }

  it('asks at once for the first 64 KiB only, and for the end of a file that had no more', async () => {
    const small = opened();
    await small.write(Buffer.alloc(32 * KIB), 32 * KIB);
    await small.read(Buffer.alloc(64 * KIB), 0);
    await small.close();
    expect(askedAtOnce).toBe(3);
    const large = opened();
    await large.write(Buffer.alloc(32 * KIB), 32 * KIB + 1);
    await large.read(Buffer.alloc(64 * KIB + 1), 0);
    await large.close();
    expect(askedAtOnce).toBe(3);
  });

  it('is asked for what is known of it as its disk likes to be asked: that of another machine may not answer', async () => {
    const file = opened();
    await file.stats();
    expect(askedAtOnce).toBe(1);
    await file.close();
  });

  it('is closed behind what threads still do with it', async () => {
    const file = opened();
    const content = Buffer.alloc(8 * KIB * KIB, 'some content ');
    const writing = file.write(content, 0);
    const closing = file.close();
    // Whose descriptor has the number now must not get the bytes.
    expect(await Promise.race([writing, closing.then(() => 'closed')])).toBe(content.length);
    await closing;
    expect(readFileSync(path()).equals(content)).toBeTrue();
  });
});
