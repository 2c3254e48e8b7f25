import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { TransferError } from '../transfer/transfer-error.ts';
import type { TlsRules } from './transfer-jobs.ts';

/**
 * By what a server is known over TLS: by a chain of certificates to an authority and by its name, or by its key.
 *
 * A key that the user names takes the place of chain and name: it is for servers with a certificate of their own making.
 * Only where the user names authorities, too, both must be right.
 */
export class TlsTrust {
  readonly #rules: TlsRules;
  #context: SecureContext | undefined;

  constructor(rules: TlsRules = {}) {
    this.#rules = rules;
  }

  /** For every TLS connection to this host, control and data alike: sessions are taken up only under one name. */
  options(host: string): ConnectionOptions {
    const { ca, pins } = this.#rules;
    return {
      host,
      secureContext: this.#secureContext(),
      // Without the name, a server with many sites shows the certificate of the first. An address is none (RFC 6066).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: pins === undefined || ca !== undefined,
    };
  }

  /**
   * To be called on each connection when its handshake is over, before anything is said or believed.
   *
   * @throws TransferError E_TLS when the server has another key than those named, or shows a certificate out of its time
   */
  assertTrusted(socket: TLSSocket): void {
    const { pins } = this.#rules;
    // No certificate is shown when a session is taken up: who can do that is whom the session was begun with.
    if (pins === undefined || socket.isSessionReused()) return;
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) throw distrust('the server shows no certificate');
    const pin = pinOf(certificate);
    if (!pins.includes(pin)) throw distrust(`the server has another key than --tls-pin says: sha256/${pin}`);
    const now = Date.now();
    if (now > Date.parse(certificate.validTo)) {
      throw distrust(`the certificate of the server has expired on ${certificate.validTo}`);
    }
    if (now < Date.parse(certificate.validFrom)) {
      throw distrust(`the certificate of the server is not valid before ${certificate.validFrom}`);
    }
  }

  /** Made once: the authorities of the system are read anew for each context. */
  #secureContext(): SecureContext {
    const { ca, certificate, key, maxVersion } = this.#rules;
    this.#context ??= createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
      ...(maxVersion === undefined ? {} : { maxVersion }),
      minVersion: 'TLSv1.2',
    });
    return this.#context;
  }
}

/** The SHA-256 of the public key (its SubjectPublicKeyInfo, as in RFC 7469 section 2.4) in base64. */
function pinOf({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

function distrust(why: string): TransferError {
  return new TransferError('E_TLS', `Cannot trust the TLS connection: ${why}`);
}
