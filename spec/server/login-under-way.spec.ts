import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../lib/accounts/account.ts';
import { FtpServer } from '../../lib/server/ftp-server.ts';
import { ControlLine } from '../support/control-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('A login of which the password was right', () => {
  const folder = temporaryFolder();

  const home = () => join(folder(), 'steve');
  const account = (): Account => ({
    name: 'steve',
    home: home(),
    permissions: ['read', 'write'],
    createdMs: 1,
    makesHome: true,
  });

  const changes: readonly (readonly [what: string, now: () => Account | undefined])[] = [
    ['was removed or disabled', () => undefined],
    ['was removed and is registered anew', () => ({ ...account(), createdMs: 2 })],
  ];
  for (const [what, now] of changes) {
    it(`A3: comes to nothing when the user ${what} meanwhile, and gives its place back`, async () => {
      let present: Account | undefined = account();
      let isFirst = true;
      const check = async () => {
        const found = present;
        if (isFirst) present = now();
        isFirst = false;
        return found;
      };
      const server = new FtpServer({
        accounts: { find: () => present, check },
        admission: { sessions: 1 },
      });
      const refused: number[] = [];
      server.events.on('loginRefused', ({ code }) => refused.push(code));
      const line = await ControlLine.to((await server.listen()).port);
      try {
        expect(await line.code('USER steve')).toBe(331);
        expect(await line.code('PASS secret')).toBe(530);
        expect(await line.code('PWD')).toBe(530);
        expect(refused).toEqual([530]);
        expect(existsSync(home())).toBeFalse();
        present = account();
        await line.logIn();
      } finally {
        line.close();
        await server.close();
      }
    });
  }

  it('A3: may do nothing any more when another user has the name by then', async () => {
    let present: Account | undefined = account();
    const server = new FtpServer({ accounts: { find: () => present, check: async () => present } });
    const line = await ControlLine.to((await server.listen()).port);
    try {
      await line.logIn();
      present = { ...account(), createdMs: 2 };
      expect(await line.code('MKD folder')).toBe(550);
    } finally {
      line.close();
      await server.close();
    }
  });
});
