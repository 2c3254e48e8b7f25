import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settleOptions } from '../../lib/base/command-line.ts';
import { findTls } from '../../lib/far/find-tls.ts';
import { mirrorOptions } from '../../lib/mirror/mirror-options.ts';
import { makeCertificate, pinOf } from '../support/foreign/openssl.ts';
import { requireOpenssl } from '../support/foreign-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Given = Readonly<Record<string, string | readonly string[]>>;

describe('findTls', () => {
  const own = temporaryFolder();
  const other = temporaryFolder();

  beforeEach(() => {
    requireOpenssl();
    makeCertificate(own());
    chmodSync(join(own(), 'key.pem'), 0o600);
  });

  async function find(given: Given, protocol: 'ftp' | 'ftpes' = 'ftpes') {
    const options = Object.entries(given).map(([name, texts]) => [name, { label: `--${name}`, texts: [texts].flat() }]);
    const { values } = settleOptions(mirrorOptions, {
      arguments: new Map(options as [string, { label: string; texts: string[] }][]),
      environment: new Map(),
      config: new Map(),
    });
    const { secret, faults, warnings } = await findTls(values, protocol, { cwd: own(), platform: 'linux' });
    return { rules: secret, faults: faults.map(({ message }) => message), warnings };
  }

  const text = (name: string) => readFileSync(join(own(), name), 'utf8');

  it('reads what the files hold', async () => {
    const pins = [pinOf(own()), pinOf(own()).replace('sha256/', 'sha256//')];
    const given = { 'tls-ca': 'certificate.pem', 'tls-pin': pins, 'tls-cert': 'certificate.pem', 'tls-key': 'key.pem' };
    const { rules, faults, warnings } = await find({ ...given, 'tls-max': '1.2' });
    const pin = pinOf(own()).slice('sha256/'.length);
    expect(faults).toEqual([]);
    expect(warnings).toEqual([]);
    expect(rules).toEqual({
      ca: text('certificate.pem'),
      pins: [pin, pin],
      certificate: text('certificate.pem'),
      key: text('key.pem'),
      maxVersion: 'TLSv1.2',
    });
  });

  it('takes a key that stands with its certificate in one file', async () => {
    const { rules, faults } = await find({ 'tls-cert': 'both.pem' });
    expect(faults).toEqual([]);
    expect(rules?.key).toContain('PRIVATE KEY');
  });

  it('warns of a key that others can read', async () => {
    chmodSync(join(own(), 'key.pem'), 0o644);
    const { warnings } = await find({ 'tls-cert': 'certificate.pem', 'tls-key': 'key.pem' });
    expect(warnings).toEqual([
      jasmine.stringMatching(/^Other users of this machine can read key\.pem: .* keep the key/),
    ]);
  });

  for (const [name, value] of [
    ['tls-ca', 'certificate.pem'],
    ['tls-cert', 'both.pem'],
    ['tls-pin', `sha256/${'A'.repeat(43)}=`],
  ] as const) {
    it(`refuses --${name} for a site without TLS, which nobody would notice otherwise`, async () => {
      expect((await find({ [name]: value }, 'ftp')).faults).toEqual([
        `--${name}: needs a site that begins with ftpes:// or ftps://: this one is not encrypted`,
      ]);
    });
  }

  it('refuses files that are not what they should be, all at once', async () => {
    writeFileSync(join(own(), 'text'), 'hello');
    expect(
      (await find({ 'tls-ca': 'text', 'tls-cert': 'key.pem', 'tls-key': 'nowhere', 'tls-pin': 'sha1/x' })).faults,
    ).toEqual([
      '--tls-key "nowhere": cannot be read: there is no such file or folder',
      '--tls-ca "text": holds no certificate in PEM form',
      jasmine.stringMatching(/^--tls-pin "sha1\/x": must be sha256\//),
    ]);
  });

  it('names the certificate that is damaged', async () => {
    const damaged = text('certificate.pem').replace(/\n[^-]{60}/, `\n${'A'.repeat(60)}`);
    writeFileSync(join(own(), 'list'), text('certificate.pem') + damaged);
    expect((await find({ 'tls-ca': 'list' })).faults).toEqual([
      '--tls-ca "list": the certificate number 2 in it is damaged',
    ]);
  });

  it('refuses a key without its certificate, and a certificate without its key', async () => {
    expect((await find({ 'tls-key': 'key.pem' })).faults).toEqual([
      '--tls-key: needs --tls-cert, the certificate that it belongs to',
    ]);
    expect((await find({ 'tls-cert': 'certificate.pem' })).faults).toEqual([
      '--tls-cert "certificate.pem": holds no private key in PEM form: name its file with --tls-key',
    ]);
    expect((await find({ 'tls-cert': 'key.pem' })).faults).toEqual([
      '--tls-cert "key.pem": holds no certificate in PEM form',
    ]);
  });

  it('refuses the key of another certificate', async () => {
    makeCertificate(other());
    const key = join(other(), 'key.pem');
    expect((await find({ 'tls-cert': 'certificate.pem', 'tls-key': key })).faults).toEqual([
      jasmine.stringMatching(/^--tls-key ".*": its key does not belong to the certificate$/),
    ]);
  });

  it('refuses an encrypted key, for nobody could be asked for its password, and says how to decrypt it', async () => {
    const command = ['pkey', '-in', join(own(), 'key.pem'), '-aes256', '-passout', 'pass:secret'];
    execFileSync('openssl', [...command, '-out', join(own(), 'encrypted.pem')]);
    expect((await find({ 'tls-cert': 'certificate.pem', 'tls-key': 'encrypted.pem' })).faults).toEqual([
      '--tls-key "encrypted.pem": its key is encrypted: decrypt it with openssl pkey -in KEY -out NEW, and chmod go= NEW',
    ]);
  });

  for (const pin of [
    'sha256/',
    'sha256/abc',
    `sha256/${'A'.repeat(44)}`,
    `sha256/${'A'.repeat(42)}B=`,
    `sha512/${'A'.repeat(43)}=`,
    `${'A'.repeat(43)}=`,
  ]) {
    it(`refuses the pin ${pin}`, async () => {
      expect((await find({ 'tls-pin': pin })).faults.length).toBe(1);
    });
  }

  it('takes a pin whose base64 begins with a slash', async () => {
    const pin = `/${'A'.repeat(42)}=`;
    expect((await find({ 'tls-pin': [`sha256/${pin}`, `sha256//${pin}`] })).rules?.pins).toEqual([pin, pin]);
  });
});
