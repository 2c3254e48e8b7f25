import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('mirror in the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  const near = (name: string) => join(scene().near, name);
  const far = (name: string) => join(served().home, name);
  const run = (commands: string, ...options: readonly string[]) => scene().start(served(), commands, ...options).ended;
  const namesBelow = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort();

  function tree(root: string): void {
    mkdirSync(join(root, 'sub', 'empty'), { recursive: true });
    for (const name of ['a.txt', 'b.md', 'sub/c.txt']) writeFileSync(join(root, name), name);
  }

  it('fetches a folder of the site, and nothing the second time', async () => {
    mkdirSync(far('www'));
    tree(far('www'));
    const first = await run('mirror www');
    expect(first.status).withContext(first.stderr).toBe(0);
    expect(namesBelow(near('www'))).toEqual(namesBelow(far('www')));
    expect(readFileSync(near('www/sub/c.txt'), 'utf8')).toBe('sub/c.txt');
    expect(first.stdout).toMatch(/^Done in [\d.]+ s : 2 folders created, 3 files fetched \(18 B\)$/m);
    const second = await run('mirror www', '--json');
    expect(factsIn(second.stdout)).toEqual([jasmine.objectContaining({ filesSent: 0, failed: 0 })]);
  });

  it('sends a local folder with -R, and leaves out what it is told to', async () => {
    mkdirSync(near('site'));
    tree(near('site'));
    const { status, stderr } = await run('mirror -R -x *.md -x empty/ site into');
    expect(status).withContext(stderr).toBe(0);
    expect(namesBelow(far('into'))).toEqual(['a.txt', 'sub', 'sub/c.txt']);
  });

  it('removes only with -e, and only what the guards let go', async () => {
    tree(near(''));
    expect((await run('mirror -R')).status).toBe(0);
    rmSync(near('a.txt'));
    expect((await run('mirror -R')).status).toBe(0);
    expect(existsSync(far('a.txt'))).toBeTrue();
    const refused = await run('mirror -R -e --max-delete 0');
    expect(refused.status).toBe(4);
    expect(existsSync(far('a.txt'))).toBeTrue();
    expect((await run('mirror -R -e -n')).status).toBe(0);
    expect(existsSync(far('a.txt'))).toBeTrue();
    expect((await run('mirror -R -e')).status).toBe(0);
    expect(existsSync(far('a.txt'))).toBeFalse();
  });

  it('names in JSON, too, what could not be mirrored', async () => {
    mkdirSync(far('a'));
    writeFileSync(near('a'), 'mine');
    const { status, stdout } = await run('mirror', '--json');
    expect(status).toBe(1);
    expect(factsIn(stdout)[0]).toEqual({
      command: 'mirror',
      ok: false,
      code: 'E_NOT_ALL',
      message: jasmine.stringMatching(/^No room : a, /),
    });
  });

  it('tells in JSON what it left out as warnings, and that all went well', async () => {
    symlinkSync('nowhere', near('link'));
    writeFileSync(near('a'), 'mine');
    const { status, stdout, stderr } = await run('mirror -R', '--json');
    expect([status, stderr]).toEqual([0, '']);
    expect(factsIn(stdout)).toEqual([
      { command: 'mirror', ok: true, warning: jasmine.stringMatching(/^Left out : link/) },
      jasmine.objectContaining({ command: 'mirror', ok: true, done: 'upload', path: 'a' }),
      jasmine.objectContaining({ command: 'mirror', ok: true, filesSent: 1, failed: 0 }),
    ]);
  });

  it('tells of each step in a dry run', async () => {
    tree(near(''));
    const { status, stdout, stderr } = await run('mirror -R -n');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/b\.md/);
    const { stdout: json } = await run('mirror -R -n', '--json');
    expect(factsIn(json).filter((facts) => 'would' in facts).length).toBe(5);
  });

  it('tells that the server went away, and that it is back, and goes on', async () => {
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(near(name), 'x'.repeat(100_000));
    const client = scene().start(served(), 'mirror -R -P 1', '--bwlimit', '100k');
    await client.waitForLine(/^Sent /);
    await served().server.close();
    await client.waitForLine(/^The server is away : .*; Ctrl-C ends the waiting$/);
    await served().startAgain();
    const { status, stdout, stderr } = await client.ended;
    expect(status).withContext(stderr).toBe(0);
    expect(stderr).toMatch(/^The server is back, after /m);
    expect(stdout.match(/^Sent /gm)).toHaveSize(4);
  });

  it('needs to be told where to, for a folder without a name of its own', async () => {
    mkdirSync(far('sub/below'), { recursive: true });
    tree(near(''));
    const mine = namesBelow(near(''));
    for (const command of [
      'mirror -e /',
      'mirror -e ..',
      'mirror -e .',
      'mirror -e sub/..',
      'mirror -e ~',
      'cd sub; mirror -e ..',
    ]) {
      const { status, stderr } = await run(command);
      expect([status, stderr])
        .withContext(command)
        .toEqual([2, jasmine.stringMatching(/has no name of its own: say where to/)]);
    }
    for (const folder of ['..', '/', '.', '~']) {
      expect((await run(`mirror -R -e ${folder}`)).status)
        .withContext(folder)
        .toBe(2);
    }
    expect(namesBelow(near(''))).toEqual(mine);
    expect(namesBelow(served().home)).toEqual(['sub', 'sub/below']);
    expect((await run('cd sub; mirror .. here')).status).toBe(0);
    expect(namesBelow(near('here'))).toEqual(['sub', 'sub/below']);
  });

  it('names what is wrong with its numbers, and a folder that is not there', async () => {
    const { status, stderr } = await run('mirror -P 17');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^mirror: --parallel must be a whole number from 1 to 16, .*, not "17"\n$/);
    const missing = await run('mirror nothing');
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/nothing/);
    expect(existsSync(near('nothing'))).toBeFalse();
    expect((await run('find -d x')).status).toBe(2);
  });

  it('sends nothing with -R of what a get has not finished, and says so', async () => {
    tree(near(''));
    writeFileSync(far('large'), 'all of it');
    writeFileSync(near('large.part'), 'all');
    writeFileSync(near('sub/running.part'), 'some');
    writeFileSync(near('sub/running.part.lock'), '{}');
    writeFileSync(near('mine.part'), 'mine');
    const first = await run('mirror -R');
    expect(first.status).withContext(first.stderr).toBe(0);
    expect(namesBelow(far(''))).toEqual(['a.txt', 'b.md', 'large', 'mine.part', 'sub', 'sub/c.txt', 'sub/empty']);
    expect(first.stderr.trimEnd().split('\n').sort()).toEqual([
      'Left out : large.part, a get has not finished it',
      'Left out : sub/running.part, a get has not finished it',
    ]);
  });

  it('removes nothing with -e that a get is about to finish', async () => {
    tree(far(''));
    mkdirSync(near('sub'));
    for (const name of ['sub/running.part', 'sub/running.part.lock', 'gone']) writeFileSync(near(name), 'x');
    const { status, stderr } = await run('mirror -e');
    expect([status, stderr]).toEqual([0, '']);
    expect(namesBelow(near('sub'))).toEqual(['c.txt', 'empty', 'running.part', 'running.part.lock']);
    expect(existsSync(near('gone'))).toBeFalse();
  });
});
