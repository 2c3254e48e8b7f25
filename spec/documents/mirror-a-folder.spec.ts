import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const example = fileURLToPath(new URL('../../docs/examples/mirror-a-folder.js', import.meta.url));

describe('docs/examples/mirror-a-folder', () => {
  const folder = temporaryFolder();
  const served = servedFolder();
  const run = programs();

  function mirror() {
    const { address, port } = served();
    return run(example, {
      args: [join(folder(), 'near'), address, String(port), 'steve', 'www'],
      env: { FTP_PASSWORD: 'secret', XDG_STATE_HOME: join(folder(), 'state') },
    }).ended;
  }

  beforeEach(() => {
    mkdirSync(join(folder(), 'near', 'pages', 'node_modules'), { recursive: true });
    writeFileSync(join(folder(), 'near', 'pages', 'index.html'), 'hello');
    writeFileSync(join(folder(), 'near', 'notes.tmp'), 'left out');
  });

  it('mirrors the folder and tells of each job', async () => {
    const { status, stdout, stderr } = await mirror();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^done : upload pages\/index\.html, 5 bytes in \d+ ms by worker \d+$/m);
    expect(stdout).toMatch(/^Cycle 1 done in [\d.]+ s : 1 folder created, 1 file sent \(5 B\)$/m);
    expect(readFileSync(join(served().home, 'www', 'pages', 'index.html'), 'utf8')).toBe('hello');
  });

  it('has nothing to do the second time', async () => {
    await mirror();
    expect((await mirror()).stdout).toMatch(/^Cycle 1 done in [\d.]+ s : nothing to do, both sides are equal\n$/);
  });

  it('ends with a failure when the site is away', async () => {
    await served().server.close();
    const { status, stderr } = await mirror();
    expect(status).toBe(1);
    expect(stderr).toContain('E_CONNECT');
  });

  it('stops before it removes what is gone all of a sudden', async () => {
    await mirror();
    rmSync(join(folder(), 'near'), { recursive: true });
    mkdirSync(join(folder(), 'near'));
    const { status, stderr } = await mirror();
    expect(status).toBe(1);
    expect(stderr).toContain('E_GUARD_EMPTY');
    expect(readFileSync(join(served().home, 'www', 'pages', 'index.html'), 'utf8')).toBe('hello');
  });
});
