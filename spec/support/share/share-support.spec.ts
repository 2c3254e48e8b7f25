import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { differences, TreeReader } from './shared-tree.ts';
import { datagramsOf, listeningOf, listensAt } from './sockets.ts';
import { until, untilTrue } from './until.ts';

describe('What is read of a shared tree', () => {
  const folder = temporaryFolder();

  it('tells folders, and size, content and execution bit of files, also behind links', async () => {
    mkdirSync(join(folder(), 'empty'));
    writeFileSync(join(folder(), 'a'), 'a');
    chmodSync(join(folder(), 'a'), 0o755);
    symlinkSync('a', join(folder(), 'link'));
    symlinkSync('empty', join(folder(), 'folder link'));
    const file = '1 ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb x';
    expect([...(await new TreeReader().read(folder()))]).toEqual([
      ['a', file],
      ['empty', 'folder'],
      ['folder link', 'folder'],
      ['link', file],
    ]);
  });

  it('is read again when a file was changed, whatever its time says', async () => {
    const reader = new TreeReader();
    writeFileSync(join(folder(), 'a'), 'one');
    utimesSync(join(folder(), 'a'), 1, 1);
    const before = await reader.read(folder());
    writeFileSync(join(folder(), 'a'), 'two');
    utimesSync(join(folder(), 'a'), 1, 1);
    expect(differences(before, await reader.read(folder())).length).toBe(1);
  });

  it('differs from another where one has something that the other one has not, or has otherwise', () => {
    const one = new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
    expect(differences(one, new Map([...one, ['d', '4']]))).toEqual(['"d": nothing / 4']);
    expect(differences(one, new Map([...one, ['b', '4']]))).toEqual(['"b": 2 / 4']);
    expect(differences(one, new Map([...one].slice(1)))).toEqual(['"a": 1 / nothing']);
    expect(differences(one, new Map(one))).toEqual([]);
  });
});

describe('The sockets that a process is seen to have', () => {
  it('are those that listen, and those of UDP', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      expect(listensAt('127.0.0.1', port)).toBeTrue();
      expect(listensAt('127.0.0.2', port)).toBeFalse();
      expect(listeningOf(process.pid)).toContain(`127.0.0.1:${port}`);
      expect(datagramsOf(process.pid)).toContain(`127.0.0.1:${socket.address().port}`);
    } finally {
      server.close();
      socket.close();
    }
    expect(listensAt('127.0.0.1', port)).toBeFalse();
  });
});

describe('Waiting for the outside', () => {
  it('ends with what was waited for', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      if (looks === 1) throw new Error('not there');
      return looks === 3 ? 'there' : undefined;
    };
    expect(await until(look, 5_000, 'something')).toBe('there');
  });

  it('is given up when it takes too long, and says what was waited for and why it is not there', async () => {
    const look = () => {
      throw new Error('not there');
    };
    await expectAsync(until(look, 1, 'a miracle')).toBeRejectedWith(
      jasmine.objectContaining({ message: 'not within 1 ms: a miracle', cause: new Error('not there') }),
    );
    await expectAsync(
      untilTrue(
        () => false,
        1,
        () => 'another',
      ),
    ).toBeRejectedWithError(/another/);
  });
});
