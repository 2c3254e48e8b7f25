import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { type DataFolder, dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { requireStrace } from '../support/foreign/found.ts';
import { programs } from '../support/run-program.ts';
import { makeSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { traced } from '../support/strace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRITER = fileURLToPath(new URL('../support/workers/account-writer.js', import.meta.url));

// Large enough that a save takes several writes of the system.
const OTHERS = 2_000;

describe('The file of accounts', () => {
  const folder = temporaryFolder();
  const run = programs();
  const hasher = new PasswordHasher(1);
  let data: DataFolder;

  beforeEach(async () => {
    data = dataFolderAt(join(folder(), 'data'));
    mkdirSync(data.docs, { recursive: true });
    await AccountFile.create(data, { name: 'admin', password: 'password' }, hasher);
    await (await AccountFile.open(data, { hasher })).add('u', '1');
  });

  function fill(count: number): void {
    const content = JSON.parse(readFileSync(data.accountsFile, 'utf8'));
    const [user] = content.users;
    for (let index = 0; index < count; index += 1) content.users.push({ ...user, name: `other-${index}` });
    writeFileSync(data.accountsFile, JSON.stringify(content));
  }

  it('S6: holds the old or the new content, whole, when its writer is killed at any moment', async () => {
    fill(OTHERS);
    const seen: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const writer = run(WRITER, { args: [data.root, 'for ever'] });
      // At another place of a save each time, as the chance of the scheduler wants it.
      await writer.waitForLine(new RegExp(`^saved ${3 + round}$`));
      const { stdout } = await writer.stop();
      const last = Number(/(\d+)\n$/.exec(stdout)?.[1]);
      const accounts = await AccountFile.open(data, { hasher });
      expect(accounts.users().length).toBe(OTHERS + 1);
      // What was said to be saved is; what was not said yet may be.
      expect([last, last + 1, last + 2]).toContain(accounts.find('u')?.quotaBytes ?? -1);
      seen.push(last);
    }
    expect(Math.min(...seen)).toBeGreaterThan(2);
  });

  it('S6: is on the disk, its name too, before a change is told to be saved; many changes cost few saves', async () => {
    requireStrace();
    const calls = await traced(['fsync', 'write'], [WRITER, data.root, 'together'], { file: join(folder(), 'trace') });
    const draft = `${data.accountsFile}.new`;
    const made = calls.filter(({ file }) => file === draft || file === dirname(draft));
    const steps = made.map(({ name, file }) => `${name} ${file === draft ? 'draft' : 'folder'}`);
    const save = ['write draft', 'fsync draft', 'fsync folder'];
    // The first change alone, and then all that came meanwhile.
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([...save, ...save]);
    expect((await AccountFile.open(data)).find('u')?.quotaBytes).toBe(99);
  });

  it('S6: is told to hold a change, and holds it, when only the disk did not say that its name is safe', async () => {
    requireStrace();
    // In one thread the calls are counted together: the first is for the content, the second for the name.
    const failing = ['-f', '--seccomp-bpf', '-o', join(folder(), 'trace'), '-e', 'inject=fsync:error=EIO:when=2'];
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
    const words = [...failing, process.execPath, WRITER, data.root, 'once'];
    const { stdout } = await promisify(execFile)('strace', words, { env });
    const [outcome, quota] = stdout.split('\n');
    expect(outcome).toMatch(/accounts\.json was written, but the disk does not say that it is safe there \(EIO\); /);
    expect(quota).toBe('7');
    expect((await AccountFile.open(data)).find('u')?.quotaBytes).toBe(7);
  });

  describe('on a full disk', () => {
    let disk: SmallDisk;
    beforeEach(() => {
      rmSync(data.root, { recursive: true });
      disk = makeSmallDisk(data.root, 64);
    });
    afterEach(() => disk.dispose());

    it('stays as it was, and takes changes again when there is room', async () => {
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      mkdirSync(data.docs);
      await AccountFile.create(data, { name: 'admin', password: 'password' }, hasher);
      const accounts = await AccountFile.open(data, { hasher });
      await accounts.add('u', '1', { quotaBytes: 1 });
      writeFileSync(join(data.root, 'ballast'), Buffer.alloc(4_096));
      for (let room = 64; room > 0; room -= 4) {
        try {
          writeFileSync(join(data.root, `ballast-${room}`), Buffer.alloc(4_096));
        } catch {}
      }
      const before = readFileSync(data.accountsFile, 'utf8');
      const refused = jasmine.objectContaining({ code: 'E_ACCOUNTS_SAVE', retry: true });
      await expectAsync(accounts.change('u', { quotaBytes: 2 })).toBeRejectedWith(refused);
      expect(accounts.find('u')?.quotaBytes).toBe(1);
      expect(readFileSync(data.accountsFile, 'utf8')).toBe(before);
      rmSync(join(data.root, 'ballast'));
      await accounts.change('u', { quotaBytes: 3 });
      expect((await AccountFile.open(data)).find('u')?.quotaBytes).toBe(3);
    });
  });
});
