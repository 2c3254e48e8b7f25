import { existsSync, openSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { SyncedFile } from '../../lib/base/synced-file.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('SyncedFile', () => {
  const folder = temporaryFolder();
  let clock: ManualClock;
  let file: SyncedFile;
  let descriptor: number;

  beforeEach(() => {
    clock = new ManualClock();
    descriptor = openSync(join(folder(), 'file'), 'a');
    file = new SyncedFile(descriptor, 0, clock);
  });

  afterEach(() => file.close());

  const content = () => readFileSync(join(folder(), 'file'), 'utf8');

  it('has a text in the file before it says so', () => {
    file.append('a');
    expect(content()).toBe('a');
  });

  it('waits 50 ms for more, then brings all of it to the disk at once, and is asked for nothing without need', async () => {
    for (const text of ['a', 'b', 'c']) file.append(text);
    expect(clock.waits).toEqual([50]);
    clock.advance(50);
    await file.sync();
    file.append('d');
    await clock.someoneWaits();
    expect(clock.waits).toEqual([50, 50]);
    clock.advance(50);
    await file.sync();
    await new Promise(setImmediate);
    expect(clock.waits.length).toBe(2);
  });

  it('refuses what comes after a sync that failed, and says why, however often it is asked', async () => {
    // A device that takes all and cannot be synced.
    const device = new SyncedFile(openSync('/dev/null', 'a'), 0, clock);
    device.append('a');
    await expectAsync(device.sync()).toBeRejectedWithError(/EINVAL/);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(() => device.append('b')).toThrowError(/EINVAL/);
      expect(() => device.syncNow()).toThrowError(/EINVAL/);
      await expectAsync(device.sync()).toBeRejectedWithError(/EINVAL/);
    }
    device.close();
  });

  it('wakes nobody any more once it is closed, and may be closed twice', async () => {
    file.append('a');
    await clock.someoneWaits();
    file.close();
    file.close();
    clock.advance(50);
    await new Promise(setImmediate);
    expect(clock.waits).toEqual([50]);
    expect(() => file.append('b')).toThrowError();
  });

  it('keeps the number of its file until a sync that is under way has ended', async () => {
    // Of this number only: others open and close files and sockets in this process.
    const isKept = () => existsSync(`/proc/self/fd/${descriptor}`) && readlinkSync(`/proc/self/fd/${descriptor}`);
    file.append('a');
    const syncing = file.sync();
    file.close();
    expect(isKept()).toBe(realpathSync(join(folder(), 'file')));
    await syncing;
    expect(isKept()).not.toBe(realpathSync(join(folder(), 'file')));
  });
});
