import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The SHA-512 crypt hash of a password (crypt(5)), which all servers understand and which is quick to check. */
export function passwordHash(password: string): string {
  return openssl(['passwd', '-6', '-stdin'], `${password}\n`).trim();
}

/**
 * Make a certificate for localhost and 127.0.0.1, signed by itself, valid for a year.
 *
 * @param folder gets `certificate.pem`, `key.pem`, and `both.pem`, which holds first the key and then the certificate
 */
export function makeCertificate(folder: string): void {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', certificate];
  openssl(['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', ...subject, ...files]);
  writeFileSync(join(folder, 'both.pem'), Buffer.concat([readFileSync(key), readFileSync(certificate)]), {
    mode: 0o600,
  });
}

// What it says while it makes a key is noise; when it fails, execFileSync puts it into the error.
function openssl(args: readonly string[], input = ''): string {
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: 'pipe' });
}
