import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { type Fault, fault } from '../base/fault.ts';
import type { ValuesOf } from '../base/option-table.ts';
import { type Found, nothing, openToOthers, refused } from '../base/password-sources.ts';
import { readProblem } from '../base/read-problem.ts';
import { readSecretFile } from '../base/read-secret-file.ts';
import type { Site } from '../ftp/site.ts';
import type { tlsOptions } from './tls-options.ts';
import type { TlsRules } from './transfer-jobs.ts';

/** Where the files lie. */
interface Surroundings {
  /** The working folder, absolute: relative paths begin there. */
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

type Options = ValuesOf<typeof tlsOptions>;

type Files = Pick<Options, 'tls-ca' | 'tls-cert' | 'tls-key'>;

// All authorities that a system trusts are some 200 KiB.
const MOST_BYTES = 4 * 1024 * 1024;

// 32 bytes in base64; behind the slash curl writes a second one.
const PIN = /^sha256\/\/?([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;
const PIN_RULE = 'must be sha256/ and the SHA-256 of a public key in base64, 44 characters: see docs/guides/tls.md';

const NO_CERTIFICATE = 'holds no certificate in PEM form';

/**
 * By what the server is known, and what is shown to it.
 *
 * The files are read and checked here, once, so that a wrong one is told before anything is done, and workers need no
 * right to read the key.
 */
export async function findTls(
  options: Options,
  protocol: Site['protocol'] | undefined,
  surroundings: Surroundings,
): Promise<Found<TlsRules>> {
  const ca = await readPem('tls-ca', options, surroundings);
  const certificate = await readPem('tls-cert', options, surroundings);
  const key = await readPem('tls-key', options, surroundings);
  const faults = [
    ...(protocol === 'ftp' ? uselessFaults(options) : []),
    ...[ca, certificate, key].flatMap((file) => file.faults),
    ...(ca.secret === undefined ? [] : authorityFaults(options, ca.secret)),
    ...options['tls-pin'].filter((pin) => !PIN.test(pin)).map((pin) => fault('--tls-pin', PIN_RULE, pin)),
    ...identityFaults(options, certificate.secret, key.secret),
  ];
  const warnings = [certificate, key].flatMap((file) => file.warnings);
  if (faults.length > 0) return { warnings, faults };
  const pins = options['tls-pin'].map((pin) => PIN.exec(pin)?.[1] ?? '');
  const rules: TlsRules = {
    ...(ca.secret === undefined ? {} : { ca: ca.secret }),
    ...(pins.length === 0 ? {} : { pins }),
    ...(certificate.secret === undefined
      ? {}
      : { certificate: certificate.secret, key: key.secret ?? certificate.secret }),
    maxVersion: `TLSv${options['tls-max']}`,
  };
  return { secret: rules, warnings, faults };
}

async function readPem(name: keyof Files, files: Files, { cwd, platform }: Surroundings): Promise<Found<string>> {
  const given = files[name];
  if (given === undefined) return nothing();
  try {
    const { text, othersCanRead } = await readSecretFile(resolve(cwd, given), platform, MOST_BYTES);
    if (text === undefined) return refused(fault(`--${name}`, 'is larger than 4 MiB', given));
    const isOpen = othersCanRead && hasKey(text);
    return { secret: text, warnings: isOpen ? [openToOthers(given, 'the key')] : [], faults: [] };
  } catch (error) {
    return refused(fault(`--${name}`, `cannot be read: ${readProblem(error)}`, given));
  }
}

/** Who names a certificate believes to be safe, and nothing would tell him that he is not. */
function uselessFaults(options: Options): readonly Fault[] {
  return (['tls-ca', 'tls-pin', 'tls-cert', 'tls-key'] as const)
    .filter((name) => (options[name]?.length ?? 0) > 0)
    .map((name) => fault(`--${name}`, 'needs a site that begins with ftpes:// or ftps://: this one is not encrypted'));
}

function authorityFaults({ 'tls-ca': file }: Files, text: string): readonly Fault[] {
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return [fault('--tls-ca', NO_CERTIFICATE, file)];
  const wrong = certificates.findIndex((certificate) => !isCertificate(certificate));
  return wrong < 0 ? [] : [fault('--tls-ca', `the certificate number ${wrong + 1} in it is damaged`, file)];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function identityFaults(files: Files, certificate: string | undefined, ownKey: string | undefined): readonly Fault[] {
  const { 'tls-cert': certificateFile, 'tls-key': keyFile } = files;
  if (certificateFile === undefined) {
    return keyFile === undefined ? [] : [fault('--tls-key', 'needs --tls-cert, the certificate that it belongs to')];
  }
  const key = keyFile === undefined ? certificate : ownKey;
  if (certificate === undefined || key === undefined) return [];
  const [name, file] = keyFile === undefined ? ['--tls-cert', certificateFile] : ['--tls-key', keyFile];
  if (!certificate.includes('-----BEGIN CERTIFICATE-----'))
    return [fault('--tls-cert', NO_CERTIFICATE, certificateFile)];
  if (!hasKey(key)) return [fault(name, 'holds no private key in PEM form: name its file with --tls-key', file)];
  if (/ENCRYPTED/.test(key)) {
    return [
      fault(name, 'its key is encrypted: decrypt it with openssl pkey -in KEY -out NEW, and chmod go= NEW', file),
    ];
  }
  return pairFaults(name, file, certificate, key);
}

function pairFaults(name: string, file: string, cert: string, key: string): readonly Fault[] {
  try {
    createSecureContext({ cert, key });
    return [];
  } catch (error) {
    const isOther = codeOf(error) === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH';
    const why = isOther ? 'its key does not belong to the certificate' : `it cannot be used: ${messageOf(error)}`;
    return [fault(name, why, file)];
  }
}

function hasKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
}
