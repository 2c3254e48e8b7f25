import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordHash } from './openssl.ts';
import type { Recipe, Setup } from './recipe.ts';

/**
 * How Pure-FTPd is run: all by its command line, with a database of one account. Its messages go to syslog only, so there
 * is little to read after a failure. A private root like vsftpd's would need a device for random numbers in it.
 *
 * Its queue of connections that wait to be accepted is short. When some dozens knock in the same instant, Linux forgets
 * one now and then, and that client waits for a greeting that never comes: a spec logs in by and by.
 */
export const pureFtpd: Recipe = {
  programs: ['usr/sbin/pure-ftpd', 'usr/bin/pure-pw'],
  logs: ['transfers'],
  implicitTls: false,
  prepare(setup) {
    const { home, installed, maxClients, tls, logsCommands } = setup;
    return [
      installed('usr/sbin/pure-ftpd'),
      '--ipv4only',
      '--chrooteveryone',
      '--noanonymous',
      '--dontresolve',
      '--displaydotfiles',
      // Without this it lists no more than 10,000 entries of a folder and says nothing of the rest.
      '--limitrecursion=1000000:100',
      '--minuid=1',
      '--umask=133:022',
      `--maxclientsnumber=${maxClients}`,
      `--maxclientsperip=${maxClients}`,
      `--bind=${setup.host},${setup.port}`,
      `--pidfile=${join(home, 'pid')}`,
      ...(logsCommands ? [`--altlog=clf:${join(home, 'transfers')}`] : []),
      `--login=puredb:${makeDatabase(setup)}`,
      ...(tls ? ['--tls=2', `--certfile=${join(home, 'both.pem')}`] : []),
    ];
  },
  // Notes for its tool pure-ftpwho; a session that is killed does not take its note away.
  leftBehind: (sessions) => sessions.map((pid) => `/var/run/pure-ftpd/client-${String(pid).padStart(8, '0')}`),
};

// The line is written here and not by `pure-pw useradd`: its own kind of hash costs seconds of CPU at each login.
function makeDatabase({ home, owner, user, password, dataFolder, installed, environment }: Setup): string {
  const source = join(home, 'accounts');
  const database = join(home, 'accounts.pdb');
  const account = [user, passwordHash(password), owner.uid, owner.gid, '', `${dataFolder}/./`, ...Array(12).fill('')];
  writeFileSync(source, `${account.join(':')}\n`, { mode: 0o600 });
  execFileSync(installed('usr/bin/pure-pw'), ['mkdb', database, '-f', source], { env: environment, stdio: 'pipe' });
  return database;
}
