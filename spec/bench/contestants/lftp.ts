import type { Command, Contestant, Site, Task } from './contestant.ts';

/** lftp, which waits for each reply (`sync-mode on`, as it is shipped) or sends ahead where it can. */
export function lftp(connections: number, isSync: boolean): Contestant {
  return {
    name: `lftp p${connections} ${isSync ? 'sync' : 'async'}`,
    party: 'lftp',
    runsOnce: false,
    command: (task) => command(task, connections, isSync),
  };
}

// In place, with times, and without what costs it a command for each file: `SITE CHMOD` (--no-perms) and `DELE` before
// a file that is there (--overwrite).
function command({ site, near, far, removes, home }: Task, connections: number, isSync: boolean): Command {
  const script = [
    ...security(site),
    `set ftp:sync-mode ${isSync ? 'on' : 'off'}`,
    'set cache:enable no',
    `set net:connection-limit ${connections}`,
    'set net:max-retries 3',
    'set net:reconnect-interval-base 1',
    'set mirror:parallel-directories yes',
    'set ftp:use-mdtm-overloaded yes',
    `open --env-password -u ${site.user} -p ${site.port} ${site.host}`,
    `mirror -R --parallel=${connections} --no-perms --overwrite ${removes ? '--delete ' : ''}${near} ${far}`,
  ];
  return { words: ['lftp', '--norc', '-c', script.join('; ')], env: { LFTP_PASSWORD: site.password, HOME: home } };
}

// Without a small file of authorities it reads those of the whole world for each data connection.
function security({ certificate }: Site): readonly string[] {
  if (certificate === undefined) return ['set ftp:ssl-allow no'];
  return ['set ftp:ssl-force yes', 'set ftp:ssl-protect-data yes', `set ssl:ca-file ${certificate}`];
}
