import { requirePerlModule, requireProgram } from '../foreign/found.ts';
import type { ForeignClient, Road } from './client.ts';

const PYTHON = `
import ftplib, ssl, sys
way, host, port, user, password, mode, tls, authority, remote, local = sys.argv[1:]
if tls == 'plain':
    far = ftplib.FTP()
else:
    context = ssl.create_default_context(cafile=authority)
    far = ftplib.FTP_TLS(context=context)
far.encoding = 'utf-8'
far.connect(host, int(port), timeout=20)
far.login(user, password)
if tls != 'plain':
    far.prot_p()
far.set_pasv(mode == 'passive')
if way == 'put':
    with open(local, 'rb') as file:
        far.storbinary('STOR ' + remote, file)
else:
    with open(local, 'wb') as file:
        far.retrbinary('RETR ' + remote, file.write)
far.quit()
`;

/** Python's own library; it knows no TLS from the first byte on. */
export const ftplib: ForeignClient = {
  name: 'ftplib',
  require: () => requireProgram('python3'),
  goes: ({ tls }) => tls !== 'implicit',
  put: (road, local, remote) => ({ program: 'python3', args: ['-c', PYTHON, 'put', ...words(road), remote, local] }),
  get: (road, remote, local) => ({ program: 'python3', args: ['-c', PYTHON, 'get', ...words(road), remote, local] }),
};

const PERL = `
use strict; use Net::FTP;
my ($way, $host, $port, $user, $password, $mode, $tls, $authority, $remote, $local) = @ARGV;
my %tls = $tls eq 'plain' ? () : (SSL_version => 'TLSv12', SSL_ca_file => $authority, SSL_verifycn_name => 'localhost');
my $far = Net::FTP->new($host, Port => $port, Timeout => 20, Passive => $mode eq 'passive' ? 1 : 0,
  ($tls eq 'implicit' ? (SSL => 1) : ()), %tls) or die "cannot connect: $@";
if ($tls eq 'explicit') { $far->starttls(%tls) or die 'cannot start TLS: ' . $far->message; }
$far->login($user, $password) or die 'cannot log in: ' . $far->message;
if ($tls ne 'plain') { $far->prot('P') or die 'cannot protect the data: ' . $far->message; }
$far->binary;
($way eq 'put' ? $far->put($local, $remote) : $far->get($remote, $local)) or die "cannot $way: " . $far->message;
$far->quit;
`;

/**
 * Perl's own library. It never reads on a connection it sends on: with TLS 1.3 it closes over the session tickets that lie
 * there, which resets the connection and loses what was not sent yet. So it goes with TLS 1.2.
 */
export const netFtp: ForeignClient = {
  name: 'Net::FTP',
  require: ({ tls }) => requirePerlModule(tls === 'plain' ? 'Net::FTP' : 'IO::Socket::SSL'),
  goes: () => true,
  put: (road, local, remote) => ({ program: 'perl', args: ['-e', PERL, 'put', ...words(road), remote, local] }),
  get: (road, remote, local) => ({ program: 'perl', args: ['-e', PERL, 'get', ...words(road), remote, local] }),
};

function words({ host, port, user, password, mode, tls, authority }: Road): readonly string[] {
  return [host, String(port), user, password, mode, tls, authority];
}
