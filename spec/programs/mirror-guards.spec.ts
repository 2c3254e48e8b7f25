import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const FILES = 30;

describe('the mirror program, about to remove what may still be wanted,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;

  beforeEach(async () => {
    near = join(folder(), 'near');
    mkdirSync(near);
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(near, `${index}.txt`), 'content');
    expect((await mirror()).status).toBe(0);
    expect(farNames()).toHaveSize(FILES);
  });

  const far = () => join(served().home, 'test');
  const farNames = () => readdirSync(far());

  /** @returns the exit status, and the lines of the log that are not those of jobs that went well */
  async function mirror(...more: readonly string[]): Promise<{ status: number | null; lines: readonly string[] }> {
    const { status, stdout, stderr } = await run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '4', '--once', '--multi', '1', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    }).ended;
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    return { status, lines: lines.filter((line) => !/ - INFO - (File|Folder) /.test(line)) };
  }

  /** One line that says why, and nothing done. */
  async function expectStop(reason: RegExp, ...more: readonly string[]): Promise<void> {
    const before = join(folder(), `far ${Math.random()}`);
    cpSync(far(), before, { recursive: true, preserveTimestamps: true });
    const { status, lines } = await mirror(...more);
    expect(status).toBe(4);
    expect(lines).toHaveSize(2);
    expect(lines[0]).toMatch(/ - INFO - Valid parameters$/);
    expect(lines[1]).toMatch(reason);
    expect(compareTrees(before, far(), { times: true })).toEqual([]);
  }

  /** Another folder, with one file, in place of the local one. */
  function replaceNear(): void {
    renameSync(near, join(folder(), 'elsewhere'));
    mkdirSync(near);
    writeFileSync(join(near, 'other.txt'), 'of another disk');
  }

  function removeNear(files: number): void {
    for (let index = 0; index < files; index += 1) rmSync(join(near, `${index}.txt`));
  }

  it('stops with status 4 where the local folder is missing though it was mirrored before, --allow-empty or not', async () => {
    renameSync(near, join(folder(), 'elsewhere'));
    const reason = / - ERROR - Scanning .*near: there is no such folder; .*nothing was removed from the site$/;
    await expectStop(reason);
    await expectStop(reason, '--allow-empty');
    renameSync(join(folder(), 'elsewhere'), near);
    expect((await mirror()).lines.at(-1)).toMatch(/ : nothing to do, both sides are equal$/);
  });

  it('stops with status 4 where the local folder is empty all of a sudden, also when so much may be removed', async () => {
    removeNear(FILES);
    await expectStop(/ - ERROR - .*near is empty, .*nothing was removed\. .*add --allow-empty$/);
    await expectStop(/ - ERROR - .*near is empty, .*nothing was removed\. .*add --allow-empty$/, '--max-delete', '30');
    await expectStop(/ - ERROR - .*near is empty, .*add --allow-empty --max-delete 30$/, '--max-delete', '29');
  });

  it('removes all that it put there when an emptied folder is meant, as it said, and leaves the rest', async () => {
    removeNear(FILES);
    writeFileSync(join(far(), 'strange.txt'), 'not ours');
    const { status, lines } = await mirror('--allow-empty');
    expect(status).withContext(lines.join('\n')).toBe(0);
    expect(lines.at(-1)).toMatch(/ : 30 files removed$/);
    expect(farNames()).toEqual(['strange.txt']);
  });

  it('stops with status 4 where the local folder is another one all of a sudden, unless that is meant', async () => {
    replaceNear();
    const reason =
      / - ERROR - .*near is another folder .* 30 of 30 files .*nothing was removed\. .*add --allow-replaced$/;
    await expectStop(reason);
    await expectStop(reason, '--max-delete', '100%', '--allow-empty');
    const { status, lines } = await mirror('--allow-replaced');
    expect(status).withContext(lines.join('\n')).toBe(0);
    expect(farNames()).toEqual(['other.txt']);
  });

  it('stops with status 4 where more would be removed than --max-delete allows, and says which number would do', async () => {
    removeNear(3);
    const reason = / - ERROR - This cycle would remove 3 of 30 entries .*nothing was changed\. .*set --max-delete 3$/;
    await expectStop(reason, '--max-delete', '2');
    const { status, lines } = await mirror('--max-delete', '3');
    expect(status).withContext(lines.join('\n')).toBe(0);
    expect(farNames()).toHaveSize(FILES - 3);
  });

  it('stops with status 4 where more than half would be removed, without being told so', async () => {
    removeNear(16);
    await expectStop(/would remove 16 of 30 entries from the site, and 15 is the limit; /);
  });

  it('stops a dry run for the same reasons', async () => {
    removeNear(16);
    await expectStop(/would remove 16 of 30 entries/, '--dry-run');
  });

  const losses: Readonly<Record<string, { lose: () => void; reason: RegExp }>> = {
    missing: { lose: () => renameSync(near, join(folder(), 'elsewhere')), reason: /there is no such folder/ },
    emptied: { lose: () => removeNear(FILES), reason: /near is empty/ },
    replaced: { lose: () => replaceNear(), reason: /near is (empty|another folder)/ },
  };
  for (const [what, { lose, reason }] of Object.entries(losses)) {
    it(`stops in a later cycle, too, when it is to mirror until stopped and the local folder is ${what}`, async () => {
      const program = run('bin/mirror.js', {
        args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '1', '--multi', '1', '--max-delete', '100%'],
        env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
      });
      await program.waitForLine(/Cycle 1 done in .* : nothing to do/);
      lose();
      const { status, stdout } = await program.ended;
      expect(status).toBe(4);
      expect(stdout).toMatch(reason);
      expect(farNames()).toHaveSize(FILES);
    });
  }
});
