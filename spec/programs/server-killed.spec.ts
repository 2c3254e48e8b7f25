import { readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { type DataFolder, dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { ControlClient } from '../../lib/control/control-client.ts';
import { serverPrograms } from '../support/server-program.ts';

// So large that a save takes its time.
const OTHERS = 2_000;

describe('the server program, killed while it saves the accounts,', () => {
  const scene = serverPrograms();
  let folder: DataFolder;

  beforeEach(async () => {
    await scene().init();
    folder = dataFolderAt(scene().data);
    const content = JSON.parse(readFileSync(folder.accountsFile, 'utf8'));
    const [user] = content.users;
    for (let index = 0; index < OTHERS; index += 1) content.users.push({ ...user, name: `other-${index}` });
    writeFileSync(folder.accountsFile, JSON.stringify(content));
  });

  /** Give one quota after the other, 1, 2 and so on, until the server is gone. @returns the last that it confirmed */
  async function giveQuotas(onSaved: (quotaBytes: number) => void): Promise<number> {
    const client = await ControlClient.logIn(folder.controlSocket, { name: 'admin', password: 'password' });
    for (let quotaBytes = 1; ; quotaBytes += 1) {
      try {
        await client?.call('user.change', { name: 'zhangsan', quotaBytes });
      } catch {
        await client?.close();
        return quotaBytes - 1;
      }
      onSaved(quotaBytes);
    }
  }

  // A save makes the new file, writes it and renames it.
  for (const [step, what] of ['begun', 'under way'].entries()) {
    it(`S6: leaves the old or the new ones, whole, and goes on with them: a save that was ${what}`, async () => {
      const { program } = await scene().start();
      let saved = 0;
      let seen = 0;
      const watcher = watch(dirname(folder.accountsFile), () => {
        if (saved < 2) return;
        if (seen === step) program.signal('SIGKILL');
        seen += 1;
      });
      const last = await giveQuotas((quotaBytes) => (saved = quotaBytes));
      watcher.close();
      expect((await program.ended).signal).toBe('SIGKILL');
      expect(last).toBeGreaterThan(1);
      const accounts = await AccountFile.open(folder);
      expect(accounts.users().length).toBe(OTHERS + 1);
      expect([last, last + 1]).toContain(accounts.user('zhangsan')?.quotaBytes ?? -1);
      const { session } = await scene().start();
      await session();
    });
  }
});
