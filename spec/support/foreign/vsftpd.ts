import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { passwordHash } from './openssl.ts';
import { copyIntoRoot, librariesOf } from './private-root.ts';
import type { Recipe, Setup } from './recipe.ts';

/**
 * How vsftpd is run: with its home folder as its root folder, where it finds accounts and PAM rules of its own.
 *
 * Its users come from PAM. On the machine itself that would take a file in /etc/pam.d and an account with a password in
 * /etc/shadow, which a killed run leaves behind. The way without PAM, an anonymous user with every right, ends at its
 * check that the root of an anonymous user cannot be written to. A private root needs a copy of the program and a dozen
 * libraries (10 MB), and changes nothing.
 */
export const vsftpd: Recipe = {
  programs: ['usr/sbin/vsftpd'],
  logs: ['log'],
  implicitTls: true,
  prepare(setup) {
    const { home, installed, environment } = setup;
    const program = installed('usr/sbin/vsftpd');
    copyIntoRoot(home, program, [pamModule(program, environment)], environment);
    writeAccounts(setup);
    writeFileSync(join(home, 'configuration'), lines({ ...basics(setup), ...rights(), ...security(setup) }));
    return ['chroot', home, '/bin/vsftpd', '/configuration'];
  },
};

function pamModule(program: string, environment: Setup['environment']): string {
  const pam = librariesOf(program, environment).find((path) => path.includes('/libpam.so'));
  if (pam === undefined) throw new Error(`${program} is not linked with PAM`);
  return join(dirname(pam), 'security/pam_unix.so');
}

function writeAccounts({ home, owner, user, password }: Setup): void {
  mkdirSync(join(home, 'empty'));
  mkdirSync(join(home, 'etc/pam.d'), { recursive: true });
  const accounts = [
    ['root', '!', 0, 0, '', '/', '/bin/false'],
    [owner.name, '!', owner.uid, owner.gid, '', '/', '/bin/false'],
    [user, passwordHash(password), owner.uid, owner.gid, '', '/data', '/bin/false'],
  ];
  writeFileSync(join(home, 'etc/passwd'), accounts.map((account) => `${account.join(':')}\n`).join(''));
  writeFileSync(join(home, 'etc/group'), `${owner.group}:x:${owner.gid}:\n`);
  const module = '/lib/security/pam_unix.so';
  writeFileSync(join(home, 'etc/pam.d/vsftpd'), `auth required ${module} nodelay\naccount required ${module}\n`);
}

// All paths are as the server sees them: its home folder is `/`.
function basics({
  host,
  port,
  maxClients,
  owner,
  logsCommands,
  logsTransfers,
}: Setup): Record<string, string | number> {
  return {
    listen: 'YES',
    listen_address: host,
    listen_port: port,
    background: 'NO',
    connect_from_port_20: 'NO',
    max_clients: maxClients,
    max_per_ip: 0,
    // A wrong password costs a second and a right one nothing by default; specs of refused logins need not wait.
    delay_failed_login: 0,
    secure_chroot_dir: '/empty',
    nopriv_user: owner.name,
    vsftpd_log_file: '/log',
    log_ftp_protocol: logsCommands ? 'YES' : 'NO',
    xferlog_enable: logsCommands || logsTransfers ? 'YES' : 'NO',
    use_localtime: 'NO',
    utf8_filesystem: 'YES',
    // Namespaces and system call filters are not to be had in every container; they protect nothing here.
    seccomp_sandbox: 'NO',
    isolate: 'NO',
    isolate_network: 'NO',
  };
}

function rights(): Record<string, string | number> {
  return {
    anonymous_enable: 'NO',
    local_enable: 'YES',
    pam_service_name: 'vsftpd',
    local_root: '/data',
    chroot_local_user: 'YES',
    allow_writeable_chroot: 'YES',
    write_enable: 'YES',
    local_umask: '022',
    file_open_mode: '0666',
    mdtm_write: 'YES',
    force_dot_files: 'YES',
  };
}

function security({ tls, sessionReuse, demandsCertificate }: Setup): Record<string, string | number> {
  if (!tls) return {};
  return {
    ssl_enable: 'YES',
    implicit_ssl: tls === 'implicit' ? 'YES' : 'NO',
    // It tells of each connection whether it took up a session.
    debug_ssl: 'YES',
    force_local_logins_ssl: 'YES',
    force_local_data_ssl: 'YES',
    ssl_tlsv1: 'YES',
    ssl_ciphers: 'HIGH',
    require_ssl_reuse: sessionReuse ? 'YES' : 'NO',
    rsa_cert_file: '/certificate.pem',
    rsa_private_key_file: '/key.pem',
    ...(demandsCertificate ? { require_cert: 'YES', validate_cert: 'YES', ca_certs_file: '/clients.pem' } : {}),
  };
}

function lines(settings: Readonly<Record<string, string | number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
