import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../base/coded-error.ts';
import { hasNoRoom } from '../../base/no-room.ts';
import { readProblem } from '../../base/read-problem.ts';
import { replaceFile } from '../../base/replace-file.ts';
import { makeCertificate } from './certificate.ts';
import { LinkError } from './link-error.ts';

/** What a machine proves with that it is the one that it was: key and certificate as PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
  /** The SHA-256 of the certificate, 64 hexadecimal digits. */
  readonly device: string;
}

const KEY_FILE = 'device.key';
const CERTIFICATE_FILE = 'device.crt';

/**
 * The identity that is kept in a folder; it is made where there is none, readable by its owner only.
 *
 * @throws LinkError E_IDENTITY
 */
export async function openIdentity(folder: string): Promise<Identity> {
  const files = { key: join(folder, KEY_FILE), certificate: join(folder, CERTIFICATE_FILE) };
  const key = await textOf(files.key);
  if (key === undefined) return await makeIn(files);
  const certificate = await textOf(files.certificate);
  if (certificate === undefined) {
    const advice =
      'put it back, or remove the key as well for a new identity, which the other peers have to trust anew';
    throw new LinkError('E_IDENTITY', `There is a key without its certificate ${files.certificate}: ${advice}`);
  }
  return identityOf(key, certificate, files.certificate);
}

/** The id of a device. @param certificate DER */
export function deviceOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex');
}

/** An id in groups that people can compare. */
export function showDevice(device: string): string {
  return device.replace(/.{8}(?=.)/g, '$&-');
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new LinkError('E_IDENTITY', `Cannot read ${file}: ${readProblem(cause)}`, { cause });
  }
}

function identityOf(key: string, certificate: string, file: string): Identity {
  const advice = 'put back the two files that belong together, or remove both for a new identity';
  let own: X509Certificate;
  let privateKey: KeyObject;
  try {
    own = new X509Certificate(certificate);
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw new LinkError('E_IDENTITY', `Cannot use ${file} and its key, ${messageOf(cause)}: ${advice}`, { cause });
  }
  if (!own.checkPrivateKey(privateKey)) {
    throw new LinkError('E_IDENTITY', `${file} is the certificate of another key: ${advice}`);
  }
  return { key, certificate, device: deviceOf(own.raw) };
}

async function makeIn(files: { readonly key: string; readonly certificate: string }): Promise<Identity> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = new X509Certificate(makeCertificate(privateKey)).toString();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    // The key last: a certificate without one was never shown to anybody, and is made anew.
    await replaceFile(files.certificate, certificate);
    await replaceFile(files.key, key);
  } catch (cause) {
    const message = `Cannot keep an identity in ${files.key}: ${codeOf(cause) ?? messageOf(cause)}`;
    throw new LinkError('E_IDENTITY', message, { cause, retry: hasNoRoom(cause) });
  }
  return identityOf(key, certificate, files.certificate);
}
