import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountServer } from '../support/account-server.ts';
import { makeSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const MIB = 1024 * 1024;

describe('threat 31: a disk of 8 MiB', () => {
  let disk: SmallDisk;
  const served = accountServer({}, (folder) => {
    disk = makeSmallDisk(folder, 8 * 1024);
    return () => disk.dispose();
  });
  const at = (name: string) => join(served().home, name);

  it('answers 452 when it is full, keeps what has come, and takes the rest when there is room', async () => {
    if (!disk.isShared) pending('no file system of its own can be mounted here');
    const line = await served().session();
    const other = await served().session();
    expect([await line.code(`ALLO ${MIB}`), await line.code(`ALLO ${9 * MIB}`)]).toEqual([200, 452]);
    writeFileSync(at('other'), 'other');
    const content = Buffer.alloc(10 * MIB, 'some content ');
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.end(content);
    expect((await line.reply()).code).toBe(452);
    const there = readFileSync(at('a'));
    expect(there.length).toBeGreaterThan(7 * MIB);
    expect(there.equals(content.subarray(0, there.length))).toBeTrue();
    expect((await line.ask('SIZE a')).lines).toEqual([String(there.length)]);
    expect(await served().counted()).toBe(there.length + 5);
    // The server lives, and what needs no room goes on.
    expect((await other.download('RETR other')).toString()).toBe('other');
    await other.dataConnection();
    expect(await other.code('STOR b')).toBe(150);
    disk.makeRoom();
    await line.ask(`REST ${there.length}`);
    await line.upload('STOR a', content.subarray(there.length));
    expect(readFileSync(at('a')).equals(content)).toBeTrue();
    expect(statSync(at('a')).size).toBe(10 * MIB);
  });
});
