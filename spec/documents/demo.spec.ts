import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertEqual, contentsOf } from '../../docs/examples/demo/compare-sides.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const demo = fileURLToPath(new URL('../../docs/examples/demo.js', import.meta.url));

describe('npm run demo', () => {
  const folder = temporaryFolder();
  const run = programs();

  /** Its temporary folder is ours, and so is a word in the environment of all processes that it starts. */
  function start(env: Readonly<Record<string, string>> = {}): RunningProgram {
    return run(demo, { env: { TMPDIR: folder(), NODE_OPTIONS: `--title=${basename(folder())}`, ...env } });
  }

  function processesLeft(): readonly string[] {
    return readdirSync('/proc').filter((id) => /^\d+$/.test(id) && environmentOf(id).includes(basename(folder())));
  }

  it('mirrors, changes, mirrors again, compares and cleans up', async () => {
    const { status, stdout, stderr } = await start({ FILESMIRROR_DRY_RUN: 'true' }).ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.split(' : ', 1)[0]?.trim())).toEqual([
      ...['FTP server', 'Near folder', 'Command', 'First run', 'Compared', 'Changed', 'Second run', 'Compared'],
      ...['Third run', 'Cleaned up', ''],
    ]);
    expect(stdout).toMatch(/^First run {3}: \d+ folders created, 300 files sent .*connections to the server: 2$/m);
    expect(stdout).toMatch(/^Second run {2}: 4 folders created, \d+ files sent .* files removed, 3 folders removed;/m);
    expect(stdout).toMatch(/^Third run {3}: nothing to do, .*connections to the server: 0$/m);
    expect(readdirSync(folder())).toEqual([]);
  }, 60_000);

  it('leaves nothing behind when it is stopped', async () => {
    const program = start();
    await program.waitForLine(/^Command/);
    expect(readdirSync(folder()).length).toBe(1);
    if (process.platform === 'linux') expect(processesLeft()).toContain(`${program.pid}`);
    program.signal('SIGINT');
    const { status, stderr } = await program.ended;
    expect({ status, stderr }).toEqual({ status: 130, stderr: 'demo: stopped\n' });
    expect(readdirSync(folder())).toEqual([]);
    if (process.platform === 'linux') expect(processesLeft()).toEqual([]);
  }, 60_000);

  it('tells in one line that the mirror failed, and cleans up', async () => {
    const failing = 'if(process.argv[1].endsWith("mirror.js"))console.log("no~luck"),process.exit(70)';
    const { status, stderr } = await start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURI(failing)}` })
      .ended;
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'demo: the mirror ended with status 70: no~luck\n' });
    expect(readdirSync(folder())).toEqual([]);
  }, 60_000);

  it('tells in one line that it cannot begin', async () => {
    const { status, stderr } = await start({ TMPDIR: join(folder(), 'missing') }).ended;
    expect(status).toBe(1);
    expect(stderr).toMatch(/^demo: ENOENT.*\n$/);
  });
});

describe('the comparison of the demo', () => {
  const folder = temporaryFolder();

  function sides(): readonly [near: string, far: string] {
    const [near, far] = [join(folder(), 'near'), join(folder(), 'far')];
    for (const side of [near, far]) {
      mkdirSync(join(side, 'a'), { recursive: true });
      writeFileSync(join(side, 'a', 'file'), 'same');
    }
    return [near, far];
  }

  function compare([near, far]: readonly [string, string]): void {
    assertEqual(contentsOf(near), contentsOf(far));
  }

  it('takes equal sides', () => {
    expect(() => compare(sides())).not.toThrow();
  });

  it('finds another content of the same size', () => {
    const both = sides();
    writeFileSync(join(both[1], 'a', 'file'), 'sane');
    expect(() => compare(both)).toThrowError(/^the two sides are not equal, 1 entries differ: a\/file differs$/);
  });

  it('finds what is missing on the site', () => {
    const both = sides();
    mkdirSync(join(both[0], 'b'));
    expect(() => compare(both)).toThrowError(/b is missing on the site$/);
  });

  it('finds what is only on the site', () => {
    const both = sides();
    writeFileSync(join(both[1], '.left.part'), '');
    expect(() => compare(both)).toThrowError(/\.left\.part is only on the site$/);
  });
});

function environmentOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/environ`, 'latin1');
  } catch {
    // It has ended since it was listed, or belongs to somebody else.
    return '';
  }
}
