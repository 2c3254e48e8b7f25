import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentity, showDevice } from '../../../lib/share/link/identity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('openIdentity', () => {
  const folder = temporaryFolder();
  const file = (name: string) => join(folder(), name);

  it('makes a certificate that its key has signed, valid for a century', async () => {
    const { certificate, device } = await openIdentity(folder());
    const x509 = new X509Certificate(certificate);
    expect(x509.verify(x509.publicKey)).toBeTrue();
    expect([x509.subject, x509.issuer]).toEqual(['CN=FilesMirror share', 'CN=FilesMirror share']);
    expect([x509.validFrom, x509.validTo]).toEqual(['Jan  1 00:00:00 2020 GMT', 'Jan  1 00:00:00 2120 GMT']);
    expect(x509.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(device).toBe(createHash('sha256').update(x509.raw).digest('hex'));
    expect(BigInt(`0x${x509.serialNumber}`) > 0n).toBeTrue();
  });

  it('keeps it, for its owner only', async () => {
    const made = await openIdentity(folder());
    expect(await openIdentity(folder())).toEqual(made);
    expect(['device.key', 'device.crt'].map((name) => statSync(file(name)).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('makes another one in another folder, and one anew where only a certificate was left', async () => {
    const made = await openIdentity(folder());
    rmSync(file('device.key'));
    expect((await openIdentity(folder())).device).not.toBe(made.device);
  });

  it('does not go on under another id where the certificate is lost', async () => {
    await openIdentity(folder());
    rmSync(file('device.crt'));
    await expectAsync(openIdentity(folder())).toBeRejectedWith(
      jasmine.objectContaining({ code: 'E_IDENTITY', message: jasmine.stringContaining('put it back') }),
    );
  });

  it('refuses a certificate of another key, and what is none', async () => {
    await openIdentity(folder());
    const before = readFileSync(file('device.crt'));
    rmSync(file('device.key'));
    await openIdentity(folder());
    for (const wrong of [before, 'nonsense']) {
      writeFileSync(file('device.crt'), wrong);
      await expectAsync(openIdentity(folder())).toBeRejectedWith(jasmine.objectContaining({ code: 'E_IDENTITY' }));
    }
  });

  it('tells what it cannot read or write', async () => {
    await expectAsync(openIdentity(file('missing'))).toBeRejectedWith(jasmine.objectContaining({ code: 'E_IDENTITY' }));
    writeFileSync(file('file'), '');
    await expectAsync(openIdentity(file('file'))).toBeRejectedWith(jasmine.objectContaining({ code: 'E_IDENTITY' }));
  });
});

describe('showDevice', () => {
  it('shows an id in groups', () => {
    expect(showDevice('0123456789abcdef'.repeat(4))).toBe(
      '01234567-89abcdef-01234567-89abcdef-01234567-89abcdef-01234567-89abcdef',
    );
  });
});
