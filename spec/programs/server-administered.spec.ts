import { readFileSync, writeFileSync } from 'node:fs';
import { certificate } from '../support/certificate.ts';
import { programs } from '../support/run-program.ts';
import { serverPrograms } from '../support/server-program.ts';

describe('the server program and its administrator', () => {
  const scene = serverPrograms();
  const run = programs();

  beforeEach(() => scene().init());

  const administer = (words: readonly string[], stdin = '', password = 'password') =>
    run('bin/ftp-admin.js', {
      args: ['--data', scene().data, ...words],
      stdin,
      env: { MINIFTP_ADMIN_PASSWORD: password },
    }).ended;

  it('S3: a wrong password is refused and the right one taken, and another one takes its place', async () => {
    await scene().start();
    const refused = await administer(['user', 'list', '--json'], '', 'wrong');
    expect(refused.status).not.toBe(0);
    expect(refused.stdout).toBe('');
    const { status, stdout } = await administer(['user', 'list', '--json']);
    expect(status).toBe(0);
    expect(stdout).toContain('zhangsan');
  });

  it('S4: a user who is registered while it runs logs in at once, and stores in a folder of their own', async () => {
    const { session } = await scene().start();
    const added = await administer(['user', 'add', 'lisi', '--password-stdin'], 'a secret\n');
    expect(added.status).withContext(added.stderr).toBe(0);
    const line = await session('lisi', 'a secret');
    await line.upload('STOR mine', 'content');
    expect(readFileSync(scene().at('docs', 'lisi', 'mine'), 'utf8')).toBe('content');
    expect(await line.code('CWD ../zhangsan')).toBe(550);
    expect((await administer(['user', 'del', 'lisi', '--yes'])).status).toBe(0);
    expect((await line.reply()).code).toBe(421);
  });

  it('offers TLS with the certificate that it is given, demands it with --tls-require, and shows another after SIGHUP', async () => {
    const write = (which: number) => {
      const { certificate: pem, key } = certificate(which);
      writeFileSync(scene().at('tls.pem'), pem + key, { mode: 0o600 });
    };
    write(0);
    const { line, program } = await scene().start(['--tls-cert', 'tls.pem', '--tls-require', '--verbose']);
    const first = await line();
    expect(await first.code('USER zhangsan')).toBe(534);
    const before = (await first.startTls()).getPeerCertificate().fingerprint256;
    await first.logIn('zhangsan', '123');
    write(1);
    program.signal('SIGHUP');
    await program.waitForLine(/ - INFO - Read again : /);
    const second = await line();
    expect((await second.startTls()).getPeerCertificate().fingerprint256).not.toBe(before);
    expect(await first.code('NOOP')).toBe(200);
  });

  it('refuses options of TLS without a certificate, and one that is none, in one line', async () => {
    for (const words of [['--tls-require'], ['--tls-cert', 'conf.json'], ['--tls-cert', 'missing.pem']]) {
      const { status, stderr } = await scene().run(['--data', scene().data, '--port', '0', ...words]).ended;
      expect(status).toBe(2);
      expect(stderr).toMatch(/^miniftpd: --tls-.+\n$/);
    }
  });
});
