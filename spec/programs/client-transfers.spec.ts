import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { hangingDisk } from '../support/hanging-disk.ts';

const md5 = (path: string) => createHash('md5').update(readFileSync(path)).digest('hex');

describe('transfers of the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  const near = (name: string) => join(scene().near, name);
  const far = (name: string) => join(served().home, name);

  it('C1: put sends files of 0 bytes, 1 byte and 5 MiB as they are', async () => {
    for (const [name, size] of [
      ['none', 0],
      ['one', 1],
      ['many', 5 * 2 ** 20],
    ] as const) {
      writeFileSync(near(name), randomBytes(size));
    }
    const { status, stderr } = await scene().start(served(), 'put none; put one; put many').ended;
    expect(status).withContext(stderr).toBe(0);
    for (const name of ['none', 'one', 'many'])
      expect(md5(far(name)))
        .withContext(name)
        .toBe(md5(near(name)));
  });

  it('C1: put sends under another name, into a folder, and keeps the time', async () => {
    writeFileSync(near('a b.txt'), 'content');
    utimesSync(near('a b.txt'), 1_600_000_000, 1_600_000_000);
    mkdirSync(far('sub'));
    const { status } = await scene().start(served(), 'put "a b.txt"; put a\\ b.txt sub; put "a b.txt" sub/new').ended;
    expect(status).toBe(0);
    expect(readdirSync(far('sub')).sort()).toEqual(['a b.txt', 'new']);
    expect(statSync(far('a b.txt')).mtimeMs).toBe(1_600_000_000_000);
  });

  it('C6: get puts a file in the right place: here, into a folder, under a name', async () => {
    writeFileSync(far('a'), 'content');
    utimesSync(far('a'), 1_600_000_000, 1_600_000_000);
    mkdirSync(near('x'));
    const { status } = await scene().start(served(), `get a; get a ${near('x')}/; get /a ${near('x')}/b; get a x/c`)
      .ended;
    expect(status).toBe(0);
    for (const name of ['a', 'x/a', 'x/b', 'x/c'])
      expect(readFileSync(near(name), 'utf8'))
        .withContext(name)
        .toBe('content');
    expect(readdirSync(near('x')).sort()).toEqual(['a', 'b', 'c']);
    expect(statSync(near('a')).mtimeMs).toBe(1_600_000_000_000);
  });

  it('C6: get leaves nothing of a file that is not there', async () => {
    const { status, stderr } = await scene().start(served(), 'get nothing').ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no file \/nothing on the site/);
    expect(readdirSync(scene().near)).toEqual([]);
  });

  it('mput and mget take patterns, and quoted ones as names', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.md', '*.txt']) writeFileSync(near(name), name);
    mkdirSync(far('in'));
    expect((await scene().start(served(), 'mput -d in [ab].txt; mput "*.txt"').ended).status).toBe(0);
    expect(readdirSync(far('in')).sort()).toEqual(['a.txt', 'b.txt']);
    expect(readdirSync(far('')).sort()).toEqual(['*.txt', 'in']);
    mkdirSync(near('out'));
    expect((await scene().start(served(), 'mget -d out in/[ab]*').ended).status).toBe(0);
    expect(readdirSync(near('out')).sort()).toEqual(['a.txt', 'b.txt']);
    const { status, stderr } = await scene().start(served(), 'mget *.nothing').ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/Nothing in \/ fits \*\.nothing/);
  });

  it('mput and mget leave folders alone that a pattern fits, and tell of links', async () => {
    for (const folder of [near('d'), far('e')]) mkdirSync(folder);
    writeFileSync(near('f'), 'f');
    writeFileSync(far('g'), 'g');
    symlinkSync('g', far('h'));
    for (const commands of ['mput *; mget *', 'mget [eh]* g*; mput [df]']) {
      const { status, stderr } = await scene().start(served(), commands, '--keep-going').ended;
      expect(stderr).withContext(commands).toContain('/h is a link, and left out: get fetches it by its name\n');
      expect(status)
        .withContext(commands)
        .toBe(commands.startsWith('mput') ? 0 : 1);
    }
    expect(readdirSync(far('')).sort()).toEqual(['e', 'f', 'g', 'h']);
    expect(readdirSync(near('')).sort()).toEqual(['d', 'f', 'g']);
    for (const [commands, expected] of [
      ['mget e', 2],
      ['mget e*', 1],
      ['mput d*', 1],
    ] as const) {
      const { status } = await scene().start(served(), commands).ended;
      expect(status).withContext(commands).toBe(expected);
    }
  });

  it('mput sends what lies beside a link that leads to itself, and tells of that', async () => {
    symlinkSync('loop', near('loop'));
    writeFileSync(near('f'), 'f');
    const { status, stderr } = await scene().start(served(), 'mput *').ended;
    expect(stderr).toContain('loop');
    expect(status).toBe(1);
    expect(readdirSync(far(''))).toEqual(['f']);
  });

  it('mput goes on behind a file that fails, and tells so', async () => {
    for (const name of ['a', 'b', 'c']) writeFileSync(near(name), name);
    writeFileSync(far('b'), 'other');
    const { status, stderr } = await scene().start(served(), 'mput a b c').ended;
    expect(status).toBe(4);
    expect(stderr).toContain('/b is there already');
    expect(readdirSync(far('')).sort()).toEqual(['a', 'b', 'c']);
    expect(readFileSync(far('b'), 'utf8')).toBe('other');
  });

  it('cat writes nothing but the files to standard output', async () => {
    mkdirSync(far('sub'));
    writeFileSync(far('sub/a'), Buffer.from([0, 255, 10, 13]));
    const { status, stdout } = await scene().start(served(), 'cd sub; cat a | od -An -tu1').ended;
    expect([status, stdout.trim().split(/ +/)]).toEqual([0, ['0', '255', '10', '13']]);
    writeFileSync(far('sub/a'), 'no line end');
    expect((await scene().start(served(), 'cd sub; cat a').ended).stdout).toBe('no line end');
  });

  it('tells of folders what to do with them instead', async () => {
    mkdirSync(near('here'));
    mkdirSync(far('there'));
    const { stderr } = await scene().start(served(), 'put here; get there', '--keep-going').ended;
    expect(stderr).toBe(
      `${near('here')} is a folder: mirror -R sends all that is in it\n/there is a folder: mirror fetches all that is in it\n`,
    );
  });

  it('put waits for no pipe of this machine', async () => {
    execFileSync('mkfifo', [near('pipe')]);
    const { status, stderr } = await scene().start(served(), 'put pipe').ended;
    expect([status, stderr]).toEqual([1, `Cannot read ${near('pipe')}: it is not a file\n`]);
  });

  it('ends at once when it is told to a second time, whatever a disk does', async () => {
    writeFileSync(near('a'), 'x');
    const client = scene().bare([`ftp://steve@127.0.0.1:${served().port}/`, '-c', 'put a'], {
      env: { FTP_PASSWORD: 'secret', ...hangingDisk(scene().near) },
    });
    await client.waitForLine(/^hangs$/);
    client.signal('SIGTERM');
    client.signal('SIGINT');
    // Which of the two comes second is for the system to say.
    expect(['SIGTERM', 'SIGINT']).toContain((await client.ended).signal ?? '');
  });

  it('cat shows files, also to a command of the local shell', async () => {
    writeFileSync(far('a'), 'one\ntwo\nthree\n');
    expect((await scene().start(served(), 'cat a').ended).stdout).toMatch(/^one\ntwo\nthree\n$/m);
    const { status, stdout } = await scene().start(served(), 'cat a | head -n 2; cat a | tr a-z A-Z').ended;
    expect(status).toBe(0);
    expect(stdout).toBe('one\ntwo\nONE\nTWO\nTHREE\n');
  });

  it('cat takes patterns, and quoted ones as names', async () => {
    for (const name of ['a.txt', 'b.txt', '*.txt']) writeFileSync(far(name), `${name}\n`);
    expect((await scene().start(served(), 'cat [ab]*; cat "*.txt"').ended).stdout).toBe('a.txt\nb.txt\n*.txt\n');
    expect((await scene().start(served(), 'cat *.md').ended).status).toBe(1);
  });

  it('cat gives a large file to a command that has seen enough', async () => {
    writeFileSync(far('a'), `first\n${'x'.repeat(8 * 2 ** 20)}`);
    const { status, stdout } = await scene().start(served(), 'cat a | head -n 1; pwd').ended;
    expect(status).toBe(0);
    expect(stdout).toBe('first\n/\n');
  });

  it('goes on behind nothing that failed, unless told to', async () => {
    writeFileSync(near('a'), 'a');
    const stopped = await scene().start(served(), 'put nothing; put a').ended;
    expect(stopped.status).toBe(1);
    expect(existsSync(far('a'))).toBeFalse();
    const going = await scene().start(served(), 'put nothing; put a', '--keep-going').ended;
    expect(going.status).toBe(1);
    expect(existsSync(far('a'))).toBeTrue();
  });

  it('writes JSON for machines', async () => {
    writeFileSync(near('a'), 'content');
    const { stdout, stderr } = await scene().start(served(), 'put a; get nothing', '--json').ended;
    expect(stderr).toBe('');
    expect(factsIn(stdout)).toEqual([
      jasmine.objectContaining({ command: 'put', ok: true, to: '/a', size: 7, resumedAt: 0, moved: 7, state: 'moved' }),
      jasmine.objectContaining({ command: 'get', ok: false, code: 'E_MISSING' }),
    ]);
  });
});
