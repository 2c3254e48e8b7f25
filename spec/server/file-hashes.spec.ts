import { createHash } from 'node:crypto';
import { appendFileSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../lib/base/clock.ts';
import { anyDisk } from '../../lib/server/disk/disk.ts';
import { DiskFile } from '../../lib/server/disk/disk-file.ts';
import { FileHashes } from '../../lib/server/file-hashes.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;
const whole = { start: 0, end: undefined };

describe('FileHashes', () => {
  const folder = temporaryFolder();
  const { signal } = new AbortController();
  let file: DiskFile;
  let reads: number;
  let onRead: () => void;

  beforeEach(() => {
    writeFileSync(join(folder(), 'a'), 'content');
    file = new DiskFile(openSync(join(folder(), 'a'), 'r'), anyDisk);
    reads = 0;
    onRead = () => undefined;
    const read = file.read.bind(file);
    spyOn(file, 'read').and.callFake((into, position) => {
      reads += 1;
      onRead();
      return read(into, position);
    });
  });
  afterEach(() => file.close());

  /** One by which the file was changed a minute ago. */
  const later = (): Clock => new ManualClock(Date.now() + MINUTE);

  it('reads a file once as long as it is the same', async () => {
    const hashes = new FileHashes(undefined, later());
    const first = await hashes.of(file, 'MD5', whole, signal);
    expect(first).toEqual({ digest: createHash('md5').update('content').digest('hex'), start: 0, end: 7 });
    expect(await hashes.of(file, 'MD5', whole, signal)).toEqual(first);
    expect(reads).toBe(1);
    await hashes.of(file, 'SHA-1', whole, signal);
    await hashes.of(file, 'MD5', { start: 0, end: 6 }, signal);
    expect(reads).toBe(3);
  });

  it('reads it again when it has changed, whatever its time says', async () => {
    const hashes = new FileHashes(undefined, later());
    const time = new Date('2020-01-01');
    utimesSync(join(folder(), 'a'), time, time);
    await hashes.of(file, 'MD5', whole, signal);
    writeFileSync(join(folder(), 'a'), 'CONTENT');
    utimesSync(join(folder(), 'a'), time, time);
    const { digest } = await hashes.of(file, 'MD5', whole, signal);
    expect(digest).toBe(createHash('md5').update('CONTENT').digest('hex'));
  });

  it('remembers nothing of a file that was changed just now: the next change may bear the same time', async () => {
    const hashes = new FileHashes();
    await hashes.of(file, 'MD5', whole, signal);
    await hashes.of(file, 'MD5', whole, signal);
    expect(reads).toBe(2);
  });

  it('refuses more bytes than it may read, and a start behind the end', async () => {
    const hashes = new FileHashes(() => 6);
    const refused = hashes.of(file, 'MD5', whole, signal);
    await expectAsync(refused).toBeRejectedWith(jasmine.objectContaining({ code: 'E_TOO_LARGE', reply: 556 }));
    await expectAsync(hashes.of(file, 'MD5', { start: 8, end: 9 }, signal)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_OFFSET' }),
    );
    expect((await hashes.of(file, 'MD5', { start: 1, end: 7 }, signal)).end).toBe(7);
  });

  it('tells nothing of a file that changes meanwhile', async () => {
    const hashes = new FileHashes(undefined, later());
    onRead = () => appendFileSync(join(folder(), 'a'), 'more');
    const told = hashes.of(file, 'MD5', whole, signal);
    await expectAsync(told).toBeRejectedWith(jasmine.objectContaining({ code: 'E_BUSY', reply: 450, retry: true }));
  });

  it('stops when told', async () => {
    const aborted = AbortSignal.abort();
    await expectAsync(new FileHashes().of(file, 'MD5', whole, aborted)).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_ABORTED' }),
    );
  });
});
