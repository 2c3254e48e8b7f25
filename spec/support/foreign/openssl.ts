import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SHA-512 crypt hash of a password (crypt(5)), which all servers understand and which is quick to check. */
export function passwordHash(password: string): string {
  return openssl(['passwd', '-6', '-stdin'], `${password}\n`).trim();
}

/** What a certificate says; everything has a default. */
export interface CertificateOptions {
  /** Whom it is for, as openssl writes it. Default: `DNS:localhost,IP:127.0.0.1`. */
  readonly names?: string;
  /** When its time begins and ends. Default: an hour ago, and a year later. */
  readonly from?: Date;
  readonly to?: Date;
}

const HOUR_MS = 3_600_000;

/**
 * Make a certificate that is signed by itself.
 *
 * @param folder gets `certificate.pem`, `key.pem`, and `both.pem`, which holds first the key and then the certificate
 */
export function makeCertificate(folder: string, options: CertificateOptions = {}): void {
  const { names = 'DNS:localhost,IP:127.0.0.1', from = new Date(Date.now() - HOUR_MS) } = options;
  const { to = new Date(from.getTime() + 365 * 24 * HOUR_MS) } = options;
  const [certificate, key, request, settings] = ['certificate.pem', 'key.pem', 'request.pem', 'authority'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  writeFileSync(settings, authority(folder, names));
  writeFileSync(join(folder, 'issued'), '');
  openssl(['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', request]);
  const times = ['-startdate', timeOf(from), '-enddate', timeOf(to)];
  // `openssl req -x509` would do, but times in the past it learnt only in version 3.4.
  openssl([
    'ca',
    '-batch',
    '-selfsign',
    '-notext',
    '-config',
    settings,
    '-keyfile',
    key,
    '-in',
    request,
    '-out',
    certificate,
    ...times,
  ]);
  writeFileSync(join(folder, 'both.pem'), Buffer.concat([readFileSync(key), readFileSync(certificate)]), {
    mode: 0o600,
  });
}

/** The pin of the certificate in a folder, as the guide tells users to find it. */
export function pinOf(folder: string): string {
  const key = ['x509', '-in', join(folder, 'certificate.pem'), '-noout', '-pubkey'];
  const der = execFileSync('openssl', ['pkey', '-pubin', '-outform', 'der'], { input: openssl(key) });
  return `sha256/${execFileSync('openssl', ['dgst', '-sha256', '-binary'], { input: der }).toString('base64')}`;
}

function authority(folder: string, names: string): string {
  return `[ca]
default_ca = own
[own]
database = ${join(folder, 'issued')}
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = ${names}
basicConstraints = critical,CA:TRUE
`;
}

/** As in a certificate: `20261121150000Z`. */
function timeOf(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`;
}

// What it says while it makes a key is noise; when it fails, execFileSync puts it into the error.
function openssl(args: readonly string[], input = ''): string {
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: 'pipe' });
}
