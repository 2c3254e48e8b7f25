import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataFolder } from '../accounts/data-folder.ts';
import { CodedError } from '../base/coded-error.ts';
import { readProblem } from '../base/read-problem.ts';
import { OperationError } from './operation-error.ts';
import type { TlsSettings } from './security.ts';
import type { ServerValues } from './server-options.ts';
import { TlsIdentity, type TlsPem } from './tls-identity.ts';

/** Options that mean nothing without a certificate: to pass over them would be to serve in plain text instead. */
const NEED_CERTIFICATE = ['tls-require', 'tls-require-reuse', 'tls-implicit-port', 'tls-key'] as const;

/** The certificate of a server, read from its files again and again. */
export class Certificate {
  #known: { readonly identity: TlsIdentity; readonly pem: TlsPem } | undefined;

  /**
   * What TLS is to be from now on; `undefined` where none is asked for. Clients go on with the sessions that they have as
   * long as the files are the same.
   *
   * @throws OperationError E_CERTIFICATE; then nothing has changed
   */
  async read(folder: DataFolder, values: ServerValues): Promise<TlsSettings | undefined> {
    const { 'tls-cert': file, 'tls-require': requireTls, 'tls-require-reuse': requireSessionReuse } = values;
    if (file === undefined) {
      refuseWithout(values);
      return undefined;
    }
    const pem = await readPem(folder, file, values['tls-key'] ?? file);
    return { identity: this.#identityOf(pem, file), requireTls, requireSessionReuse };
  }

  #identityOf(pem: TlsPem, file: string): TlsIdentity {
    try {
      const { identity, pem: before } = this.#known ?? { identity: new TlsIdentity(pem), pem };
      if (before.certificate !== pem.certificate || before.key !== pem.key) identity.replace(pem);
      this.#known = { identity, pem };
      return identity;
    } catch (cause) {
      if (!(cause instanceof CodedError)) throw cause;
      throw new OperationError('E_CERTIFICATE', `--tls-cert "${file}": ${cause.message}`, { cause });
    }
  }
}

function refuseWithout(values: ServerValues): void {
  const needing = NEED_CERTIFICATE.find((name) => values[name] !== undefined && values[name] !== false);
  if (needing === undefined) return;
  throw new OperationError('E_CERTIFICATE', `--${needing} needs a certificate: give it with --tls-cert`);
}

async function readPem(folder: DataFolder, certificate: string, key: string): Promise<TlsPem> {
  return {
    certificate: await contentOf(folder, '--tls-cert', certificate),
    key: await contentOf(folder, '--tls-key', key),
  };
}

async function contentOf({ root }: DataFolder, option: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(root, file), 'utf8');
  } catch (cause) {
    throw new OperationError('E_CERTIFICATE', `${option} "${file}": cannot be read, ${readProblem(cause)}`, { cause });
  }
}
