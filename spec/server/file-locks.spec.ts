import { FileLocks, type LockHolder } from '../../lib/server/quota/file-locks.ts';

const client: LockHolder = {
  address: '127.0.0.1',
  hasLeft: () => false,
  silentMs: () => 0,
  abort: () => undefined,
  signal: () => new AbortController().signal,
};

describe('The lock of a file', () => {
  it('that a removal still holds is waited for: the system may have given its number to a new file by then', async () => {
    const locks = new FileLocks();
    const removal = locks.holdBriefly(client);
    await removal.take('/old');
    removal.takeNow('1:42');
    const upload = locks.hold(client);
    await upload.take('/new');
    const taking = upload.take('1:42').then(() => 'taken');
    expect(await Promise.race([taking, Promise.resolve('waiting')])).toBe('waiting');
    removal.release();
    expect(await taking).toBe('taken');
    await expectAsync(locks.hold(client).take('1:42')).toBeRejectedWith(jasmine.objectContaining({ code: 'E_BUSY' }));
  });

  it('is refused to a removal while an upload has it', async () => {
    const locks = new FileLocks();
    locks.hold(client).takeNow('1:42');
    expect(() => locks.holdBriefly(client).takeNow('1:42')).toThrow(jasmine.objectContaining({ code: 'E_BUSY' }));
    await expectAsync(locks.holdBriefly(client).take('1:42')).toBeRejected();
  });
});
