import { AccountFile } from '../../../lib/accounts/account-file.ts';
import { dataFolderAt } from '../../../lib/accounts/data-folder.ts';
import { messageOf } from '../../../lib/base/coded-error.ts';

/**
 * Changes accounts as a program of its own. Arguments: data folder and one of
 *
 * - `for ever`: gives the user `u` the quotas 0, 1, 2 and so on, and says after each that it is saved
 * - `together`: gives it a hundred quotas at once
 * - `once`: gives it the quota 7, and says what went wrong, and which quota it has
 */
const [, , folder = '', how] = process.argv;

const accounts = await AccountFile.open(dataFolderAt(folder));
if (how === 'together') {
  await Promise.all(Array.from({ length: 100 }, (_, quotaBytes) => accounts.change('u', { quotaBytes })));
} else if (how === 'once') {
  const outcome = await accounts.change('u', { quotaBytes: 7 }).then(() => 'saved', messageOf);
  process.stdout.write(`${outcome}\n${accounts.find('u')?.quotaBytes}\n`);
} else {
  for (let quotaBytes = 0; ; quotaBytes += 1) {
    await accounts.change('u', { quotaBytes });
    process.stdout.write(`saved ${quotaBytes}\n`);
  }
}
