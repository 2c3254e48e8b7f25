import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobEnd } from '../../lib/transfer/progress.ts';
import { TransferError, type TransferErrorCode } from '../../lib/transfer/transfer-error.ts';
import { MemoryTransport, type MemoryTransportOptions } from './memory-transport.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('MemoryTransport', () => {
  const folder = temporaryFolder();

  async function connected(options: MemoryTransportOptions = {}): Promise<MemoryTransport> {
    const transport = new MemoryTransport(options);
    await transport.connect();
    return transport;
  }

  async function codeOf(call: Promise<unknown>): Promise<TransferErrorCode | undefined> {
    return call.then(
      () => undefined,
      (error: unknown) => (error instanceof TransferError ? error.code : undefined),
    );
  }

  function source(content: string) {
    writeFileSync(join(folder(), 'source'), content);
    return { source: join(folder(), 'source'), size: content.length, mtimeMs: 0 };
  }

  it('makes folders whose parent is there, and takes over those that are', async () => {
    const transport = await connected();
    await transport.mkdir('a');
    await transport.mkdir('a');
    await transport.mkdir('a/b');
    expect(await codeOf(transport.mkdir('x/y'))).toBe('E_REFUSED');
    expect(transport.tree.all()).toEqual({ a: null, 'a/b': null });
  });

  it('removes empty folders only, and files; what is not there is no failure', async () => {
    const transport = await connected();
    transport.tree.putFile('a/f', 'x');
    expect(await codeOf(transport.rmdir('a'))).toBe('E_NOT_EMPTY');
    await transport.remove('a/f');
    await transport.rmdir('a');
    await transport.rmdir('a');
    await transport.remove('a/f');
    expect(transport.tree.all()).toEqual({});
  });

  it('removes of what is known only what is still the same', async () => {
    const transport = await connected();
    transport.tree.putFile('f', 'x', 5000);
    transport.tree.putFolder('d');
    expect(await codeOf(transport.remove('f', { size: 2, mtimeMs: 5000 }))).toBe('E_OTHER_CONTENT');
    expect(await codeOf(transport.remove('f', { size: 1, mtimeMs: 6000 }))).toBe('E_OTHER_CONTENT');
    expect(await codeOf(transport.remove('d', { size: 1, mtimeMs: 5000 }))).toBe('E_OTHER_CONTENT');
    await transport.remove('f', { size: 1, mtimeMs: 5999 });
    await transport.remove('f', { size: 1, mtimeMs: 5000 });
    expect(transport.tree.all()).toEqual({ d: null });
  });

  it('takes neither a file for a folder nor a folder for a file', async () => {
    const transport = await connected();
    transport.tree.putFile('f', 'x');
    transport.tree.putFolder('d');
    const calls = [
      transport.mkdir('f'),
      transport.rmdir('f'),
      transport.remove('d'),
      transport.upload({ path: 'd', ...source('x') }),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'E_REFUSED'));
  });

  it('receives what the near file holds, with its time in whole seconds', async () => {
    const transport = await connected();
    const { size, mtimeMs } = await transport.upload({ path: 'f', ...source('content') });
    expect(size).toBe(7);
    expect(await transport.list('')).toEqual([
      { name: 'f', kind: 'file', size: 7, mtimeMs: Math.floor(mtimeMs / 1000) * 1000 },
    ]);
    expect(await transport.keepsTimes('f')).toBeTrue();
  });

  it('lists what was begun and never got its name as temporary', async () => {
    const transport = await connected();
    const temporary = transport.temporaryOf({ path: 'a/f', size: 1, mtimeMs: 2 });
    transport.tree.putFile(temporary, 'x');
    expect((await transport.list('a')).map(({ kind, name }) => [kind, `a/${name}`])).toEqual([
      ['temporary', temporary],
    ]);
  });

  it('may not keep times', async () => {
    const transport = await connected({ keepsTimes: false });
    await transport.upload({ path: 'f', ...source('x') });
    expect(await transport.list('')).toEqual([{ name: 'f', kind: 'file', size: 1 }]);
    expect(await transport.keepsTimes('f')).toBeFalse();
  });

  it('may ignore case, and keeps the way a name was written first', async () => {
    const transport = await connected({ ignoresCase: true });
    await transport.mkdir('Photos');
    await transport.mkdir('photos');
    await transport.upload({ path: 'PHOTOS/f', ...source('x') });
    expect(transport.tree.all()).toEqual({ Photos: null, 'Photos/f': 'x' });
  });

  it('refuses a source that is gone, that changes, or that is no file', async () => {
    const transport = await connected();
    transport.tree.putFile('f', 'old');
    const { size, mtimeMs } = source('x');
    expect(await codeOf(transport.upload({ path: 'f', source: join(folder(), 'none'), size, mtimeMs }))).toBe(
      'E_CHANGED',
    );
    expect(await codeOf(transport.upload({ path: 'f', source: folder(), size, mtimeMs }))).toBe('E_SOURCE');
    transport.whileReading = (upload) => writeFileSync(upload.source, 'longer');
    expect(await codeOf(transport.upload({ path: 'f', ...source('x') }))).toBe('E_CHANGED');
    expect(transport.tree.all()).toEqual({ f: 'old' });
  });

  it('lists no folder that is not there, and no root before it is made', async () => {
    const transport = await connected({ rootMissing: true, makesRoot: false });
    expect(await codeOf(transport.list(''))).toBe('E_MISSING');
    expect(await codeOf(transport.mkdir('a'))).toBe('E_REFUSED');
    expect(await codeOf((await connected()).list('a'))).toBe('E_MISSING');
    expect(await codeOf((await connected()).keepsTimes('a'))).toBe('E_MISSING');
  });

  it('has one start and one end for each job, and tells why one failed', async () => {
    const transport = await connected();
    const ends: JobEnd[] = [];
    let starts = 0;
    transport.events.on('start', () => {
      starts += 1;
    });
    transport.events.on('end', (end) => ends.push(end));
    await transport.mkdir('a');
    await codeOf(transport.mkdir('x/y'));
    await transport.list('');
    expect(starts).toBe(2);
    expect(ends.map(({ path, error }) => [path, error?.code])).toEqual([
      ['a', undefined],
      ['x/y', 'E_REFUSED'],
    ]);
  });

  it('fails as it is told, before or after the work is done', async () => {
    const transport = await connected();
    transport.fail = ({ path }) => (path === 'a' ? 'E_BUSY' : { code: 'E_LOST', butDone: true });
    expect(await codeOf(transport.mkdir('a'))).toBe('E_BUSY');
    expect(await codeOf(transport.mkdir('b'))).toBe('E_LOST');
    expect(transport.tree.all()).toEqual({ b: null });
  });

  it('does nothing without a connection, and may be closed twice', async () => {
    const transport = await connected();
    await transport.disconnect();
    await transport.disconnect();
    expect(await codeOf(transport.mkdir('a'))).toBe('E_CLOSED');
  });

  it('holds calls until they are released', async () => {
    const transport = await connected();
    transport.holds = () => true;
    const calls = Promise.all([transport.mkdir('a'), transport.mkdir('b')]);
    await transport.someHeld(2);
    expect(transport.mostUnderWay).toBe(2);
    transport.release('b');
    transport.release();
    await calls;
    expect(transport.history.slice(2)).toEqual(['begin mkdir a', 'begin mkdir b', 'end mkdir b', 'end mkdir a']);
  });
});
