import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsPem } from '../../lib/server/tls-identity.ts';
import { requireOpenssl } from './foreign/found.ts';
import { makeCertificate } from './foreign/openssl.ts';

const made: TlsPem[] = [];

/**
 * A certificate for 127.0.0.1 that is signed by itself, the same each time; without openssl the spec is pending.
 *
 * @param which one of several, from 0 on
 */
export function certificate(which = 0): TlsPem {
  requireOpenssl();
  made[which] ??= make();
  return made[which];
}

function make(): TlsPem {
  const folder = mkdtempSync(join(tmpdir(), 'filesmirror-certificate-'));
  try {
    makeCertificate(folder);
    const text = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { certificate: text('certificate.pem'), key: text('key.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
