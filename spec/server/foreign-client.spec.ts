import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { servedFolder } from '../support/ftp-server.ts';

describe('The server, to basic-ftp,', () => {
  const served = servedFolder();
  let client: Client;
  beforeEach(async () => {
    client = new Client();
    await client.access({ host: '127.0.0.1', port: served().port, user: 'steve', password: 'secret' });
  });
  afterEach(() => client.close());

  it('gives back what was uploaded', async () => {
    const content = randomBytes(3_000_000);
    await client.uploadFrom(Readable.from([content]), 'big');
    expect(await client.size('big')).toBe(content.length);
    expect(digest(await download('big'))).toBe(digest(content));
  });

  for (const name of [
    'plain',
    'two words',
    '"quoted"',
    'größe 🐚',
    ' leading',
    'trailing ',
    'semi;colon=x',
    "it's",
    'a -> b',
  ]) {
    it(`stores, lists, renames and removes ${JSON.stringify(name)}`, async () => {
      await client.uploadFrom(Readable.from([Buffer.from(name)]), 'first');
      await client.rename('first', name);
      expect((await client.list()).map((entry) => entry.name)).toEqual([name]);
      expect((await download(name)).toString()).toBe(name);
      await client.remove(name);
      expect(await client.list()).toEqual([]);
    });
  }

  it('resumes a download and an upload', async () => {
    writeFileSync(join(served().home, 'a'), '0123456789');
    const part: Buffer[] = [];
    await client.downloadTo(collector(part), 'a', 6);
    expect(Buffer.concat(part).toString()).toBe('6789');
    await client.appendFrom(Readable.from([Buffer.from('abc')]), 'a');
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('0123456789abc');
  });

  it('carries a tree there and back', async () => {
    const near = join(served().outside, 'near');
    mkdirSync(join(near, 'a/b'), { recursive: true });
    writeFileSync(join(near, 'one'), '1');
    writeFileSync(join(near, 'a/b/two'), '2');
    await client.uploadFromDir(near, 'far');
    await client.downloadToDir(join(served().outside, 'back'), 'far');
    expect(readFileSync(join(served().outside, 'back/a/b/two'), 'utf8')).toBe('2');
    await client.removeDir('far');
    expect(await client.list()).toEqual([]);
  });

  it('tells the time of a file', async () => {
    await client.uploadFrom(Readable.from([Buffer.from('x')]), 'a');
    await client.send('MFMT 20260102030405.678 a');
    expect(await client.lastMod('a')).toEqual(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)));
    expect((await client.list())[0]?.modifiedAt).toEqual(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)));
  });

  async function download(name: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await client.downloadTo(collector(chunks), name);
    return Buffer.concat(chunks);
  }
});

function collector(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
