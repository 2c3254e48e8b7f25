import { codeOf } from '../../base/coded-error.ts';
import type { Office } from '../actions/action.ts';
import type { Finding } from '../calls.ts';

/** Is what the server takes for used by each user what lies on the disk? A server that is wrong has counted anew then. */
export async function checkLedger({ accounts, live }: Office): Promise<readonly Finding[]> {
  const check = 'ledger of the quotas';
  if (!live) return [{ check, isWell: true, message: 'no server runs: all is counted when one is asked' }];
  const wrong: string[] = [];
  const busy: string[] = [];
  for (const { name } of accounts.users()) {
    // Under an upload the two numbers are those of different moments.
    const isBusy = live.sessions().some(({ user, command }) => user === name && command !== null);
    try {
      const told = await live.usedBytes(name);
      const counted = await live.recount(name);
      if (told !== counted) (isBusy ? busy : wrong).push(`${name} has ${counted} bytes, ${told} were taken for used`);
    } catch (error) {
      wrong.push(`${name} cannot be counted: the system says ${codeOf(error)}`);
    }
  }
  if (wrong.length > 0) return [{ check, isWell: false, message: wrong.slice(0, 10).join('; ') }];
  const moving = busy.length > 0 ? `, but for users who are changing theirs: ${busy.length}` : '';
  return [{ check, isWell: true, message: `what is told of each user is what is on the disk${moving}` }];
}
