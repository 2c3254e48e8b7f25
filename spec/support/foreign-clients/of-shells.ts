import { requireProgram } from '../foreign/found.ts';
import { type ForeignClient, type Road, urlHost } from './client.ts';

/** lftp, told everything by commands. */
export const lftp: ForeignClient = {
  name: 'lftp',
  require: () => requireProgram('lftp'),
  goes: () => true,
  put: (road, local, remote) => lftpCommand(road, `put "${local}" -o "${remote}"`),
  get: (road, remote, local) => lftpCommand(road, `get "${remote}" -o "${local}"`),
};

function lftpCommand(road: Road, command: string) {
  const { mode, tls, user, password, authority } = road;
  const settings = [
    'set net:timeout 20; set net:max-retries 1; set cmd:fail-exit on',
    `set ftp:passive-mode ${mode === 'passive'}`,
    `set ftp:ssl-allow ${tls !== 'plain'}; set ftp:ssl-force ${tls !== 'plain'}; set ftp:ssl-protect-data true`,
    `set ssl:ca-file "${authority}"`,
  ];
  const site = `open -u ${user},${password} ${tls === 'implicit' ? 'ftps' : 'ftp'}://${urlHost(road)}`;
  return { program: 'lftp', args: ['--norc', '-c', [...settings, site, command].join('; ')] };
}

/** The client of NetBSD, which other systems have as `ftp`. */
export const tnftp: ForeignClient = {
  name: 'tnftp',
  require: () => requireProgram('tnftp'),
  goes: ({ tls }) => tls === 'plain',
  put: (road, local, remote) => tnftpCommand(road, `put "${local}" "${remote}"`),
  get: (road, remote, local) => tnftpCommand(road, `get "${remote}" "${local}"`),
};

/** Commands for it, a line each. */
export function tnftpCommand({ host, port, mode, user, password }: Road, command: string) {
  return {
    program: 'tnftp',
    args: ['-inV', '-q', '20', mode === 'passive' ? '-p' : '-A', host, String(port)],
    stdin: `user ${user} ${password}\nbinary\n${command}\nquit\n`,
  };
}

/** The two programs that come with ncftp. */
export const ncftp: ForeignClient = {
  name: 'ncftp',
  require: () => requireProgram('ncftpput'),
  goes: ({ tls, host }) => tls === 'plain' && host === '127.0.0.1',
  put: (road, local, remote) => ({ program: 'ncftpput', args: [...ncftpWords(road), '-C', road.host, local, remote] }),
  get: (road, remote, local) => ({ program: 'ncftpget', args: [...ncftpWords(road), '-C', road.host, remote, local] }),
};

function ncftpWords({ port, mode, user, password }: Road): readonly string[] {
  return ['-V', '-t', '20', '-u', user, '-p', password, '-P', String(port), mode === 'passive' ? '-F' : '-E'];
}

/** What routers and rescue disks have. */
export const busybox: ForeignClient = {
  name: 'busybox',
  require: () => requireProgram('busybox'),
  goes: ({ tls, mode }) => tls === 'plain' && mode === 'passive',
  put: (road, local, remote) => ({ program: 'busybox', args: ['ftpput', ...busyboxWords(road), remote, local] }),
  get: (road, remote, local) => ({ program: 'busybox', args: ['ftpget', ...busyboxWords(road), local, remote] }),
};

function busyboxWords({ host, port, user, password }: Road): readonly string[] {
  return ['-u', user, '-p', password, '-P', String(port), host];
}

/** rclone, whose password is given to it in a form of its own: one that anybody can undo. */
export const rclone: ForeignClient = {
  name: 'rclone',
  require: () => requireProgram('rclone'),
  goes: ({ mode }) => mode === 'passive',
  put: (road, local, remote) => rcloneCommand(road, [local, `far:${remote}`]),
  get: (road, remote, local) => rcloneCommand(road, [`far:${remote}`, local]),
};

function rcloneCommand({ host, port, tls, user, password }: Road, [from, to]: readonly [string, string]) {
  return {
    program: 'bash',
    args: [
      '-c',
      'RCLONE_CONFIG_FAR_PASS=$(rclone obscure "$1") exec rclone --config "" --retries 1 --low-level-retries 1 --timeout 20s copyto "$2" "$3"',
      'bash',
      password,
      from,
      to,
    ],
    env: {
      RCLONE_CONFIG_FAR_TYPE: 'ftp',
      // Behind the host it writes a colon and the port, whatever the host is.
      RCLONE_CONFIG_FAR_HOST: host.includes(':') ? `[${host}]` : host,
      RCLONE_CONFIG_FAR_PORT: String(port),
      RCLONE_CONFIG_FAR_USER: user,
      // Its backend for FTP does not look at --ca-cert.
      RCLONE_CONFIG_FAR_NO_CHECK_CERTIFICATE: 'true',
      RCLONE_CONFIG_FAR_TLS: String(tls === 'implicit'),
      RCLONE_CONFIG_FAR_EXPLICIT_TLS: String(tls === 'explicit'),
    },
  };
}
