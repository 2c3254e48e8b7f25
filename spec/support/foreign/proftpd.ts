import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { passwordHash } from './openssl.ts';
import type { Recipe, Setup } from './recipe.ts';

/** How ProFTPD is run: its one account stands in a file of its own (AuthUserFile), nothing of the system is asked. */
export const proftpd: Recipe = {
  programs: ['usr/sbin/proftpd'],
  logs: ['log', 'commands', 'tls'],
  implicitTls: true,
  prepare(setup) {
    const { home, owner, user, dataFolder } = setup;
    const accounts = join(home, 'accounts');
    const account = [user, passwordHash(setup.password), owner.uid, owner.gid, '', dataFolder, '/bin/false'];
    // It refuses a list of accounts that everybody may read.
    writeFileSync(accounts, `${account.join(':')}\n`, { mode: 0o640 });
    chownSync(accounts, owner.uid, owner.gid);
    const configuration = join(home, 'configuration');
    writeFileSync(configuration, [...basics(setup), ...rights(setup), ...security(setup), ''].join('\n'));
    return [setup.installed('usr/sbin/proftpd'), '-n', '-q', '-c', configuration];
  },
};

function basics(setup: Setup): readonly string[] {
  const { home, host, port, maxClients, installed, logsCommands, logsTransfers, passivePorts } = setup;
  return [
    'ServerName foreign',
    'ServerType standalone',
    `ModulePath ${installed('usr/lib/proftpd')}`,
    'LoadModule mod_site_misc.c',
    'LoadModule mod_digest.c',
    `DefaultAddress ${host}`,
    'SocketBindTight on',
    'UseIPv6 off',
    'UseReverseDNS off',
    `Port ${port}`,
    // Without PassivePorts the kernel gives each data connection a port that nobody has.
    ...(passivePorts ? [`PassivePorts ${passivePorts.join(' ')}`] : []),
    'MaxInstances none',
    `MaxClients ${maxClients} "Sorry, only %m users may connect"`,
    'TimeoutIdle 600',
    // It slows logins down on purpose, against guessing which names exist, and keeps a table for that.
    'DelayEngine off',
    'ControlsEngine off',
    `ScoreboardFile ${join(home, 'scoreboard')}`,
    `PidFile ${join(home, 'pid')}`,
    `SystemLog ${join(home, 'log')}`,
    ...(logsCommands ? [`ExtendedLog ${join(home, 'commands')} ALL`] : []),
    `TransferLog ${logsTransfers ? join(home, 'transfers') : 'none'}`,
    'WtmpLog off',
  ];
}

function rights({ home, owner }: Setup): readonly string[] {
  return [
    `User ${owner.name}`,
    `Group ${owner.group}`,
    'AuthOrder mod_auth_file.c',
    `AuthUserFile ${join(home, 'accounts')}`,
    'RequireValidShell off',
    'DefaultRoot ~',
    'Umask 022',
    'ListOptions "-a"',
    'AllowOverwrite on',
    'AllowStoreRestart on',
    'AllowRetrieveRestart on',
  ];
}

function security({ home, tls, sessionReuse, demandsCertificate }: Setup): readonly string[] {
  if (!tls) return [];
  const options = [
    ...(tls === 'implicit' ? ['UseImplicitSSL'] : []),
    ...(sessionReuse ? [] : ['NoSessionReuseRequired']),
  ];
  return [
    'LoadModule mod_tls.c',
    'TLSEngine on',
    'TLSRequired on',
    'TLSProtocol TLSv1.2 TLSv1.3',
    `TLSRSACertificateFile ${join(home, 'certificate.pem')}`,
    `TLSRSACertificateKeyFile ${join(home, 'key.pem')}`,
    `TLSVerifyClient ${demandsCertificate ? 'on' : 'off'}`,
    ...(demandsCertificate ? [`TLSCACertificateFile ${join(home, 'clients.pem')}`] : []),
    `TLSLog ${join(home, 'tls')}`,
    ...(options.length > 0 ? [`TLSOptions ${options.join(' ')}`] : []),
  ];
}
