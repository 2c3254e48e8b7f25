import { readFile } from 'node:fs/promises';
import { exitStatus } from '../../base/exit-status.ts';
import { oneLine } from '../../base/one-line.ts';
import { readProblem } from '../../base/read-problem.ts';
import { showText } from '../../base/show-text.ts';
import { AdminError } from '../admin-error.ts';
import type { AdminCommand } from '../command.ts';
import { writeNew } from '../write-new.ts';

/** Keeping the accounts safe, and looking after the server. */
export const careCommands: readonly AdminCommand[] = [
  {
    words: 'dump',
    help: 'Write all users with the hashes of their passwords to a new file that only its owner can read',
    positionals: [{ name: 'FILE', help: 'Name of the file, which must not exist' }],
    options: [],
    run: async (desk, { values, words: [file = ''] }) => {
      const { accounts } = await desk.call('accounts.dump', {});
      await writeNew(file, `${JSON.stringify(accounts, undefined, 2)}\n`);
      desk.show(values.json, { file }, () => [`Users written to ${showText(file)}: it holds hashes of passwords`]);
      return exitStatus.done;
    },
  },
  {
    words: 'load',
    help: 'Take in the users of a file that dump wrote; those of the same name are replaced, all others stay',
    positionals: [{ name: 'FILE', help: 'Name of the file' }],
    options: ['yes'],
    run: async (desk, { values, words: [file = ''] }) => {
      const accounts = await readAccounts(file);
      await desk.mustAgree(values.yes, `Users of the same name as in ${showText(file)} will be replaced`);
      const result = await desk.call('accounts.load', { accounts });
      desk.show(values.json, result, () => [`Users taken in: ${result.users}`]);
      return exitStatus.done;
    },
  },
  {
    words: 'doctor',
    aka: 'check',
    help: 'Look whether all is well: folders, accounts, port, certificate, and whether the ledger is what is on the disk',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const findings = await desk.call('server.check', {});
      desk.show(values.json, findings, () =>
        findings.map(({ check, isWell, message }) => oneLine(`${isWell ? 'well ' : 'WRONG'}  ${check}: ${message}`)),
      );
      return findings.every(({ isWell }) => isWell) ? exitStatus.done : exitStatus.someFailed;
    },
  },
];

async function readAccounts(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'it is no JSON' : readProblem(cause);
    throw new AdminError('E_USAGE', `Cannot read ${showText(file)}: ${why}`, { cause });
  }
}
