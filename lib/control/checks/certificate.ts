import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '../../base/coded-error.ts';
import type { Office } from '../actions/action.ts';
import type { Finding } from '../calls.ts';
import { readSettings } from './settings.ts';

// Whoever renews certificates by a program does it a month before, and by hand wants to know in time.
const SOON_DAYS = 14;
const DAY_MS = 86_400_000;

/** Is the certificate of the settings valid, also in two weeks, and is the key its own? */
export async function checkCertificate({ folder, clock }: Office): Promise<readonly Finding[]> {
  const check = 'certificate';
  const settings = await readSettings(folder.configFile);
  // What is wrong with the settings themselves is told elsewhere.
  if (typeof settings === 'string') return [];
  const { 'tls-cert': file, 'tls-key': keyFile = file } = settings;
  if (typeof file !== 'string') return [{ check, isWell: true, message: 'none: TLS is not offered' }];
  try {
    const certificate = new X509Certificate(await readFile(resolve(folder.root, file)));
    const key = createPrivateKey(await readFile(resolve(folder.root, String(keyFile))));
    if (!certificate.checkPrivateKey(key)) return [{ check, isWell: false, message: `the key is not that of ${file}` }];
    return [{ check, ...judgeTimes(file, certificate, clock.now()) }];
  } catch (error) {
    return [{ check, isWell: false, message: `${file} and its key cannot be used: ${messageOf(error)}` }];
  }
}

function judgeTimes(file: string, { validFrom, validTo }: X509Certificate, now: number): Omit<Finding, 'check'> {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  if (now < from) return { isWell: false, message: `${file} is not valid before ${validFrom}: look at the clock, too` };
  if (now >= to) return { isWell: false, message: `${file} was valid until ${validTo}` };
  const days = Math.floor((to - now) / DAY_MS);
  return { isWell: days >= SOON_DAYS, message: `${file} is valid for ${days} more days` };
}
