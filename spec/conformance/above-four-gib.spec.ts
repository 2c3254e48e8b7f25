import { closeSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

// Nothing of the hole takes place on the disk, or time on the way.
const SIZE = 5 * 1024 ** 3;

describe('A file of 5 GiB', () => {
  const served = servedFolder();

  it('is told with its size, and read from behind 4 GiB on', async () => {
    makeSparse('big', 'end');
    const line = await served().session();
    expect((await line.ask('SIZE big')).lines).toEqual([String(SIZE)]);
    await line.ask(`REST ${SIZE - 3}`);
    expect((await line.download('RETR big')).toString()).toBe('end');
    expect((await line.download('MLSD')).toString()).toContain(`size=${SIZE};`);
  });

  it('is gone on with behind 4 GiB, by REST and by APPE', async () => {
    makeSparse('big', 'end');
    const line = await served().session();
    await line.ask(`REST ${SIZE}`);
    await line.upload('STOR big', ' and more');
    await line.upload('APPE big', ' still');
    expect(statSync(join(served().home, 'big')).size).toBe(SIZE + 15);
    expect(textAt('big', SIZE - 3, 18)).toBe('end and more still');
  });

  it('is refused to be gone on with behind its end', async () => {
    makeSparse('big', 'end');
    const line = await served().session();
    await line.ask(`REST ${SIZE + 1}`);
    await line.passivePort();
    expect(await line.code('STOR big')).toBe(554);
    expect(statSync(join(served().home, 'big')).size).toBe(SIZE);
  });

  function makeSparse(name: string, end: string): void {
    const file = openSync(join(served().home, name), 'w');
    ftruncateSync(file, SIZE);
    writeSync(file, end, SIZE - end.length);
    closeSync(file);
  }

  function textAt(name: string, position: number, length: number): string {
    const file = openSync(join(served().home, name), 'r');
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, position);
    closeSync(file);
    return bytes.toString();
  }
});
