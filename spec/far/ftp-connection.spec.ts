import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TransferErrorCode } from '../../lib/transfer/transfer-error.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { talks } from './talk-rig.ts';

describe('FtpConnection', () => {
  const start = talks();

  describe('refused at login', () => {
    const refusals: readonly (readonly [string, string, string, TransferErrorCode, boolean])[] = [
      ['421 in place of the greeting', 'greeting', '421 too many users', 'E_CAPACITY', true],
      ['421 to the name', 'USER', '421 too many users', 'E_CAPACITY', true],
      ['421 to the password', 'PASS', '421 not now', 'E_CAPACITY', true],
      ['421 of a server that goes down', 'PASS', '421 The server is going down', 'E_LOST', true],
      ['530 to the password', 'PASS', '530 Login incorrect.', 'E_LOGIN', false],
      ['530 to the name', 'USER', '530 This server is private', 'E_LOGIN', false],
      ['530 for too many tries', 'PASS', '530 Too many failed logins from this host', 'E_LOGIN', false],
      ['530 for too many connections', 'PASS', '530 Too many connections', 'E_CAPACITY', true],
      ['530 for ProFTPD', 'PASS', '530 Sorry, the maximum number of clients (2) are connected', 'E_CAPACITY', true],
      ['530 for a number of users', 'PASS', '530 Sorry, only 2 users may connect', 'E_CAPACITY', true],
      ['550 to the password', 'PASS', '550 not you', 'E_LOGIN', false],
      ['a wish for an account', 'USER', '332 which account?', 'E_LOGIN', false],
      ['500 in place of the greeting', 'greeting', '500 OOPS: vsftpd: refusing to run', 'E_CONNECT', false],
      ['120 in place of the greeting', 'greeting', '120 in 5 minutes', 'E_BUSY', true],
      ['451 to TYPE', 'TYPE', '451 not now', 'E_BUSY', true],
      ['550 to TYPE', 'TYPE', '550 never', 'E_REFUSED', false],
    ];
    for (const [what, verb, reply, code, retry] of refusals) {
      it(`by ${what} is ${code}, in one line without the password`, async () => {
        const { talk } = await start({ script: { [verb]: reply }, site: { password: 'pass-word' } });
        const error = await refusalOf(talk.connect());
        expect([error.code, error.retry]).toEqual([code, retry]);
        expect(error.message).toContain(reply);
        expect(error.message).not.toMatch(/pass-word|\n/);
      });
    }
  });

  it('does not take a file for a full server because of its name', async () => {
    const { talk, source } = await start({ script: { STOR: '550 /too many users: no more connections' } });
    expect((await refusalOf(talk.upload(source('x')))).code).toBe('E_REFUSED');
  });

  it('gives up a server that never greets with E_TIMEOUT', async () => {
    const { talk } = await start({ script: { greeting: () => undefined }, rules: { timeoutMs: 50 } });
    const error = await refusalOf(talk.connect());
    expect([error.code, error.retry]).toEqual(['E_TIMEOUT', true]);
  });

  it('gives up a server that leaves the TLS handshake unanswered with E_TIMEOUT', async () => {
    const { talk, server } = await start({
      script: { AUTH: '234 go on' },
      site: { protocol: 'ftpes' },
      rules: { timeoutMs: 50 },
    });
    expect((await refusalOf(talk.connect())).code).toBe('E_TIMEOUT');
    expect(server.commands).toEqual(['AUTH TLS']);
  });

  for (const reply of ['500 what?', '502 no', '504 not TLS', '530 log in first', '534 no']) {
    it(`never goes on in clear text when AUTH TLS is answered with ${reply}`, async () => {
      const { talk, server } = await start({ script: { AUTH: reply }, site: { protocol: 'ftpes' } });
      const error = await refusalOf(talk.connect());
      expect([error.code, error.retry]).toEqual(['E_TLS', false]);
      expect(server.commands.filter((line) => /^(USER|PASS)/.test(line))).toEqual([]);
    });
  }

  it('never goes on in clear text when the server that should speak TLS greets in clear text', async () => {
    const { talk, server } = await start({ site: { protocol: 'ftps' } });
    expect((await refusalOf(talk.connect())).code).toBe('E_TLS');
    expect(server.commands.join().includes('PASS')).toBeFalse();
  });

  it('reports a port where nobody listens with E_CONNECT', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    closed.close();
    await once(closed, 'close');
    const { talk } = await start({ site: { port } });
    const error = await refusalOf(talk.connect());
    expect([error.code, error.retry]).toEqual(['E_CONNECT', true]);
    expect(error.message).toContain(`127.0.0.1 port ${port}`);
  });

  it('reports a host that nobody knows with E_CONNECT', async () => {
    const { talk } = await start({ site: { host: 'no-such-host.invalid' } });
    expect((await refusalOf(talk.connect())).code).toBe('E_CONNECT');
  });

  for (const [field, value] of [
    ['user', 'me\r\nDELE keep'],
    ['password', 'secret\nDELE keep'],
    ['directory', '/far\0'],
  ] as const) {
    it(`refuses a ${field} that would begin another command, before it connects`, async () => {
      const { talk, server } = await start({ site: { [field]: value } });
      const error = await refusalOf(talk.connect());
      expect([error.code, error.message]).toEqual(['E_NAME', `The ${field} of the site holds a line end or a NUL`]);
      expect(server.sessions).toBe(0);
    });
  }

  describe('finds the far root', () => {
    const PWD = '257 "/home/a ""b"" c" is the current folder';

    it('in the folder after the login, doubled quotes read as one', async () => {
      const { talk, server } = await start({ script: { PWD }, site: { directory: 'far//x/' } });
      await talk.connect();
      expect(server.folders).toContain('/home/a "b" c/far/x');
    });

    it('in the folder after the login itself when none is given', async () => {
      const { talk, server } = await start({ script: { PWD: '257 "/home"' }, site: { directory: '' } });
      await talk.connect();
      await talk.mkdir('a');
      expect(server.commands.at(-1)).toBe('MKD /home/a');
    });

    it('and fails when the server does not tell it', async () => {
      const { talk } = await start({ script: { PWD: '257 somewhere' }, site: { directory: 'far' } });
      expect((await refusalOf(talk.connect())).message).toContain('257 somewhere');
    });
  });

  describe('makes the far root', () => {
    it('part by part, and only the parts that are missing', async () => {
      const { talk, server } = await start({ site: { directory: '/a/b/c' } });
      server.folders.add('/a');
      await talk.connect();
      expect(server.commands.filter((line) => line.startsWith('MKD'))).toEqual(['MKD /a/b', 'MKD /a/b/c']);
    });

    it('below a folder that may not be entered', async () => {
      const { talk, server } = await start({ site: { directory: '/home/me/far' } });
      server.folders.add('/home/me');
      await talk.connect();
      expect(server.commands.filter((line) => line.startsWith('MKD'))).toEqual(['MKD /home/me/far']);
    });

    it('and takes it as made when another worker made it in the same moment', async () => {
      const { talk, server } = await start({
        site: { directory: '/a' },
        script: {
          MKD: async ({ ordinary }) => {
            await ordinary();
            return '550 it is there';
          },
        },
      });
      await expectAsync(talk.connect()).toBeResolvedTo(false);
      expect(server.folders).toContain('/a');
    });

    it('once more when it was removed while the connection was open, and tells so', async () => {
      const { talk, server } = await start({ site: { directory: '/a' } });
      const made = [await talk.connect(), await talk.connect()];
      server.folders.delete('/a');
      made.push(await talk.connect(), await talk.connect());
      expect(made).toEqual([true, false, true, false]);
    });

    it('over a new connection when the old one shows only now that it broke', async () => {
      const { talk, server } = await start({
        site: { directory: '/a' },
        script: {
          CWD: ({ control, before, ordinary }) => {
            if (before === 1) control.destroy();
            return ordinary();
          },
        },
      });
      server.folders.add('/a');
      await talk.connect();
      await expectAsync(talk.connect()).toBeResolvedTo(false);
    });

    it('or fails with E_REFUSED', async () => {
      const { talk } = await start({ site: { directory: '/a/b' }, script: { MKD: '550 not here' } });
      const error = await refusalOf(talk.connect());
      expect([error.code, error.message]).toEqual([
        'E_REFUSED',
        'Cannot make the folder /a/b on the site: the server answered 550 not here',
      ]);
    });

    it('not at all when the rules say so', async () => {
      const { talk, server } = await start({ site: { directory: '/a' }, rules: { makesRoot: false } });
      await talk.connect();
      expect((await refusalOf(talk.list(''))).code).toBe('E_MISSING');
      expect(server.verbs).not.toContain('MKD');
    });
  });

  it('opens a connection that the server closed while nothing was to do again', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { talk, server } = await start({
      script: {
        MKD: async ({ control, ordinary }) => {
          const reply = await ordinary();
          closed = once(control, 'close');
          control.end(`${reply}\r\n421 idle for too long\r\n`);
          return undefined;
        },
      },
    });
    await talk.mkdir('a');
    await closed;
    await talk.mkdir('b');
    expect([server.sessions, [...server.folders]]).toEqual([2, ['/', '/a', '/b']]);
  });
});
