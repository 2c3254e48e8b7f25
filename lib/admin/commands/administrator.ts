import { exitStatus } from '../../base/exit-status.ts';
import type { AdminCommand } from '../command.ts';

/** The administrator's own name and password. */
export const administratorCommands: readonly AdminCommand[] = [
  {
    words: 'admin passwd',
    help: 'Give the administrator another password',
    positionals: [],
    options: ['password-stdin'],
    run: async (desk, { values }) => {
      const password = await desk.newPassword('the administrator', values['password-stdin']);
      const result = await desk.call('admin.password', { password });
      desk.changeLogin({ password });
      desk.show(values.json, result, () => ['The administrator has a new password']);
      return exitStatus.done;
    },
  },
  {
    words: 'admin rename',
    help: 'Give the administrator another name, which is to be told with --admin from then on',
    positionals: [{ name: 'NEW', help: 'The new name' }],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => {
      const result = await desk.call('admin.rename', { name });
      desk.changeLogin({ name });
      desk.show(values.json, result, () => [`The administrator is ${name} now`]);
      return exitStatus.done;
    },
  },
];
