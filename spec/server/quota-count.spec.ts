import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Space } from '../../lib/server/quota/space.ts';
import { accountServer } from '../support/account-server.ts';
import type { ControlLine } from '../support/control-line.ts';

describe('A count of what a quota is used for that takes long', () => {
  const served = accountServer({ quotaBytes: 1_000 });
  const at = (name: string) => join(served().home, name);
  let space: Space;
  let release: () => void;

  beforeEach(async () => {
    writeFileSync(at('there'), 'content');
    mkdirSync(at('folder'));
    const { server, accounts, home } = served();
    space = await server.spaces.of(accounts.find('steve') ?? { home });
    void space.inTurn(() => new Promise<void>((resolve) => (release = resolve)));
  });
  afterEach(() => release());

  /** Send a command, and let the server come to where it waits. */
  async function waiting(command: string): Promise<ControlLine> {
    const line = await served().session();
    const other = await served().session();
    await line.dataConnection();
    if (command.startsWith('RNTO')) expect(await line.code('RNFR there')).toBe(350);
    line.send(`${command}\r\n`);
    for (let turn = 0; turn < 20; turn += 1) expect(await other.code('NOOP')).toBe(200);
    return line;
  }

  const abortable = ['STOR a', 'STOR there', 'APPE there', 'MLSD', 'MLST', 'AVBL', 'ALLO 1', 'SITE QUOTA'];
  for (const command of abortable) {
    it(`holds up ${command} no longer than to an ABOR`, async () => {
      const line = await waiting(command);
      line.send('ABOR\r\n');
      expect(await line.codes(2)).toEqual([426, 226]);
      expect(await line.code('NOOP')).toBe(200);
      expect(existsSync(at('a'))).toBeFalse();
    });

    it(`holds up ${command} no longer than to the end of the server`, async () => {
      const line = await waiting(command);
      await served().server.close();
      expect(await line.codes(2)).toEqual([426, 421]);
    });
  }

  for (const command of ['DELE there', 'RNTO a']) {
    it(`holds up ${command} no longer than to a kick, and then nothing is done any more`, async () => {
      const line = await waiting(command);
      expect(served().server.kick(({ command: shown }) => shown === command, 'Out')).toBe(1);
      expect(await line.reply()).toEqual(jasmine.objectContaining({ code: 421, lines: ['Out'] }));
      await line.closed();
      expect(existsSync(at('there'))).toBeTrue();
      release();
      expect(await space.usedBytes()).toBe(7);
      expect(existsSync(at('there'))).toBeTrue();
    });
  }

  it('holds up DELE as long as nobody calls it away, in the order of their coming', async () => {
    const line = await waiting('DELE there');
    release();
    expect(await line.reply()).toEqual(jasmine.objectContaining({ code: 250 }));
    expect(await space.usedBytes()).toBe(0);
  });

  it('holds up an upload no longer than it takes', async () => {
    const line = await waiting('STOR there');
    release();
    expect((await line.reply()).code).toBe(150);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    expect(await space.usedBytes()).toBe(0);
  });

  it('is given up at the end of the server', async () => {
    await waiting('AVBL');
    const counted = space.usedBytes();
    const refused = expectAsync(counted).toBeRejected();
    await served().server.close();
    release();
    await refused;
  });
});
