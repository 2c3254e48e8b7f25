import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('names on the site in the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  const far = (name: string) => join(served().home, name);
  const run = (commands: string, ...options: readonly string[]) => scene().start(served(), commands, ...options).ended;

  it('C7: mkdir makes a folder, and fails for one that is there', async () => {
    const { status, stdout, stderr } = await run('cd /; mkdir "a \\"b"; mkdir "a \\"b"');
    expect(status).toBe(1);
    expect(stdout).toContain('Made /a "b');
    expect(stderr).toMatch(/Cannot make the folder .*550/);
    expect(statSync(far('a "b')).isDirectory()).toBeTrue();
  });

  it('C7: mkdir -p makes what lies between as well', async () => {
    expect((await run('mkdir -p a/b/c; mkdir -p a/b')).status).toBe(0);
    expect(statSync(far('a/b/c')).isDirectory()).toBeTrue();
  });

  it('C8: rm removes a file, and an empty folder, without a question', async () => {
    writeFileSync(far('a'), '');
    mkdirSync(far('b'));
    expect((await run('rm a b')).status).toBe(0);
    expect(readdirSync(far(''))).toEqual([]);
  });

  it('C8: rm asks before a folder goes with all that is in it; where nobody can be asked nothing goes', async () => {
    mkdirSync(far('a/b/c'), { recursive: true });
    writeFileSync(far('a/b/f'), '');
    const asked = await run('rm a');
    expect(asked.status).toBe(4);
    expect(asked.stderr).toMatch(/Remove the folder \/a with all that is in it\? There is nobody to ask/);
    expect(existsSync(far('a/b/f'))).toBeTrue();
    const { status, stdout } = await run('rm a', '--yes');
    expect(status).toBe(0);
    expect(stdout).toContain('Removed /a (4 entries)');
    expect(existsSync(far('a'))).toBeFalse();
  });

  it('C8: rm -r does not ask, rm -f does not mind what is not there, and patterns leave others alone', async () => {
    mkdirSync(far('a/b'), { recursive: true });
    for (const name of ['x.txt', 'y.txt', 'z']) writeFileSync(far(name), '');
    expect((await run('rm -rf a nothing *.txt')).status).toBe(0);
    expect(readdirSync(far(''))).toEqual(['z']);
    expect((await run('rm nothing')).status).toBe(1);
  });

  it('rm takes no root, no folder by its dots, and no name that is empty', async () => {
    mkdirSync(far('a/b'), { recursive: true });
    for (const name of ['/', '.', '..', 'a/..', './', '//', '""']) {
      const { status, stderr } = await run(`rm -r ${name}`);
      expect(status).withContext(name).toBe(2);
      expect(stderr).withContext(name).toMatch(/^rm: /);
    }
    expect(readdirSync(far('a'))).toEqual(['b']);
    expect((await run('rm -r a/')).status).toBe(0);
  });

  it('mv renames, and moves into a folder', async () => {
    writeFileSync(far('a'), '');
    mkdirSync(far('f'));
    expect((await run('mv a b; mv b f')).status).toBe(0);
    expect(readdirSync(far('f'))).toEqual(['b']);
  });

  it('C9: ls shows names, sizes and times', async () => {
    writeFileSync(far('a b'), 'content');
    utimesSync(far('a b'), 1_600_000_000, 1_600_000_000);
    mkdirSync(far('folder'));
    writeFileSync(far('.hidden'), '');
    const { stdout } = await run('ls; ls -1a; ls a*');
    const local = new Date(1_600_000_000_000 - new Date(1_600_000_000_000).getTimezoneOffset() * 60_000).toISOString();
    const line = `7  ${local.slice(0, 16).replace('T', ' ')}  a b`;
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(line);
    expect(lines[1]).toMatch(/^- {2}.* {2}folder\/$/);
    expect(lines.slice(2)).toEqual(['.hidden', 'a b', 'folder/', line, '']);
  });

  it('C9: ls shows 10,000 entries', async () => {
    for (let at = 0; at < 10_000; at += 1) writeFileSync(far(`${at}`), '');
    const { stdout } = await run('ls', '--json');
    const [facts] = factsIn(stdout);
    expect(facts?.['entries']).toHaveSize(10_000);
  });

  it('C10: cd .. of the root stays there, and a folder that is not there changes nothing', async () => {
    mkdirSync(far('x/y'), { recursive: true });
    const { status, stdout, stderr } = await run(
      'cd ..; pwd; cd x/y; cd nodir; pwd; cd ../..; pwd; cd -; pwd; cd; pwd',
      '--keep-going',
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/There is no folder \/x\/y\/nodir/);
    expect(stdout).toBe('/\n/x/y\n/\n/x/y\n/\n');
  });

  it('C11: pwd shows / behind the login', async () => {
    expect((await run('pwd')).stdout).toBe('/\n');
  });

  it('du, find and stat look at what lies below', async () => {
    mkdirSync(far('a/b'), { recursive: true });
    writeFileSync(far('a/b/f.txt'), 'x'.repeat(100));
    writeFileSync(far('a/g'), 'x'.repeat(10));
    const { stdout } = await run('du a; find a *.txt; find a -d 1; stat a/g', '--json');
    const [use, ...others] = factsIn(stdout);
    expect(use?.['folders']).toEqual([
      { path: '/a', size: 110 },
      { path: '/a/b', size: 100 },
    ]);
    expect(others.map(({ path }) => path)).toEqual(['/a/b/f.txt', '/a/b', '/a/g', '/a/g']);
  });

  it('local commands need no site', async () => {
    mkdirSync(join(scene().near, 'sub'));
    writeFileSync(join(scene().near, 'sub', 'f'), 'x');
    const { status, stdout } = await scene().bare(['-c', 'lpwd; lcd sub; lls; !echo shell $PWD; lcd nothing']).ended;
    expect(status).toBe(1);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(scene().near);
    expect(lines[1]).toBe(join(scene().near, 'sub'));
    expect(lines[2]).toMatch(/^1 {2}\d{4}-.* {2}f$/);
    expect(lines[3]).toBe(`shell ${join(scene().near, 'sub')}`);
  });
});
