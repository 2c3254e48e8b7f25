import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('the output of the client program in a file', () => {
  const scene = clientScene();
  const served = servedFolder();
  const far = (name: string) => join(served().home, name);
  const near = (name: string) => join(scene().near, name);

  /** The client as `"$@"` of a shell. */
  async function inShell(line: string, commands: string, ...options: readonly string[]) {
    const site = `ftp://steve@127.0.0.1:${served().port}`;
    const words = [process.execPath, join(process.cwd(), 'bin/ftp-client.js'), site, ...options, '-c', commands];
    const shell = spawn('bash', ['-c', line, 'bash', ...words], {
      cwd: scene().near,
      env: { PATH: process.env['PATH'], HOME: scene().near, FTP_PASSWORD: 'secret' },
    });
    let stderr = '';
    shell.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status] = (await once(shell, 'close')) as [number];
    return { status, stderr };
  }

  // A limit on the size of files stands for a disk that gets full: of the last write some bytes still fit.
  for (const options of [[], ['--keep-going']]) {
    it(`is whole, or what is missing is told and nothing more done ${options.join(' ')}`, async () => {
      writeFileSync(far('a'), 'x'.repeat(10_000));
      const { status, stderr } = await inShell('ulimit -f 8; "$@" > out', 'cat a; mkdir later', ...options);
      expect(status).toBe(1);
      expect(stderr).toBe('miniftp: Cannot write the output: the file would become larger than is allowed\n');
      expect(existsSync(far('later'))).toBeFalse();
    });
  }

  it('is whole where there is room, behind what is there already', async () => {
    writeFileSync(far('a'), 'x'.repeat(3 * 2 ** 20));
    writeFileSync(near('out'), 'before\n');
    const { status, stderr } = await inShell('"$@" >> out', 'pwd; cat a');
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(near('out'), 'utf8')).toBe(`before\n/\n${'x'.repeat(3 * 2 ** 20)}`);
  });

  it('that cannot be written at all is told in one line', async () => {
    if (!existsSync('/dev/full')) pending('there is no /dev/full here');
    writeFileSync(far('a'), 'content');
    for (const options of [[], ['--help'], ['--version'], ['--json']]) {
      const { status, stderr } = await inShell('"$@" > /dev/full', 'ls; pwd', ...options);
      expect([status, stderr])
        .withContext(options.join())
        .toEqual([1, 'miniftp: Cannot write the output: the disk is full\n']);
    }
  });
});
