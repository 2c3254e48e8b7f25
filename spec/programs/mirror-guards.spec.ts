import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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

  const farNames = () => readdirSync(join(served().home, 'test'));

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
    const { status, lines } = await mirror(...more);
    expect(status).toBe(4);
    expect(lines).toHaveSize(2);
    expect(lines[0]).toMatch(/ - INFO - Valid parameters$/);
    expect(lines[1]).toMatch(reason);
    expect(farNames()).toHaveSize(FILES);
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
    await expectStop(/ - ERROR - .*near is empty, .*nothing was removed\. .*add --allow-empty --max-delete 30$/);
    await expectStop(/ - ERROR - .*near is empty, .*nothing was removed\. .*add --allow-empty$/, '--max-delete', '30');
  });

  it('removes all that it put there when an emptied folder is meant, as it said, and leaves the rest', async () => {
    removeNear(FILES);
    writeFileSync(join(served().home, 'test', 'strange.txt'), 'not ours');
    const { status, lines } = await mirror('--allow-empty', '--max-delete', '30');
    expect(status).withContext(lines.join('\n')).toBe(0);
    expect(lines.at(-1)).toMatch(/ : 30 files removed$/);
    expect(farNames()).toEqual(['strange.txt']);
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

  it('stops in a later cycle, too, when it is to mirror until stopped', async () => {
    const program = run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '1', '--multi', '1'],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
    await program.waitForLine(/Cycle 1 done in .* : nothing to do/);
    renameSync(near, join(folder(), 'elsewhere'));
    expect((await program.ended).status).toBe(4);
    expect(farNames()).toHaveSize(FILES);
  });
});
