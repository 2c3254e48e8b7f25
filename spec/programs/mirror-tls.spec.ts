import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinOf } from '../support/foreign/openssl.ts';
import { requireServer, startForeignServer } from '../support/foreign-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const PATIENCE_MS = 60_000;
const OTHER_PIN = `sha256/${'A'.repeat(43)}=`;

describe('the mirror program over TLS', () => {
  const folder = temporaryFolder();
  const run = programs();

  for (const [kind, protocol] of [
    ['vsftpd', 'ftpes'],
    ['proftpd', 'ftps'],
  ] as const) {
    it(
      `mirrors to a ${protocol} site of ${kind} that it knows, and ends with status 3 and one line before the login to one it does not know`,
      async () => {
        requireServer(kind);
        const foreign = await startForeignServer(kind, { tls: protocol === 'ftps' ? 'implicit' : true });
        try {
          const { port, user, password, home, dataFolder } = foreign;
          const near = join(folder(), 'near');
          mkdirSync(near);
          for (let index = 0; index < 30; index += 1) writeFileSync(join(near, `${index}`), 'x'.repeat(index * 1000));
          const logins = () => foreign.log().match(/USER someone/g)?.length ?? 0;
          const mirror = (...options: readonly string[]) => {
            const site = `${protocol}://${user}@127.0.0.1:${port}//`;
            const state = join(folder(), 'state');
            return run('bin/mirror.js', {
              args: [site, near, '9', '1', '--once', '--multi', 'P2', '--state-dir', state, ...options],
              env: { FTP_PASSWORD: password },
            }).ended;
          };
          for (const [options, line] of [
            [
              [],
              /its certificate is signed by itself: name that certificate with --tls-ca, or its key with --tls-pin$/m,
            ],
            [['--tls-pin', OTHER_PIN], /the server has another key than --tls-pin says: sha256\/\S+$/m],
          ] as const) {
            const { status, stdout } = await mirror(...options);
            expect(status).toBe(3);
            expect(stdout.match(/ - ERROR - .*/g)).toEqual([jasmine.stringMatching(line)]);
          }
          expect(logins()).toBe(0);
          for (const options of [
            ['--tls-ca', join(home, 'certificate.pem')],
            ['--tls-pin', pinOf(home), '--tls-max', '1.2'],
          ]) {
            const { status, stdout } = await mirror(...options);
            expect(stdout).not.toMatch(/ - (WARN|ERROR) - /);
            expect(status).toBe(0);
            expect(compareTrees(near, dataFolder, { times: true })).toEqual([]);
            writeFileSync(join(near, 'more'), 'more');
          }
          expect(logins()).toBeGreaterThan(1);
        } finally {
          await foreign.stop();
        }
      },
      PATIENCE_MS,
    );
  }
});
