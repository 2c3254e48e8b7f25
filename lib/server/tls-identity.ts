import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { CodedError, messageOf } from '../base/coded-error.ts';

/** What a server shows and proves to be itself with: the contents of PEM files. */
export interface TlsPem {
  /** The certificate, and behind it those that sign it, the root left out. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * Certificate and key of a server, which may change while it runs.
 *
 * Control and data connections of a session share one context, so that the client can take up the session of the first
 * for the second (RFC 4217 section 10.1); a session keeps the one it began with.
 */
export class TlsIdentity {
  #pem: TlsPem;
  #shared: SecureContext;

  /** @throws CodedError E_CERTIFICATE when certificate and key cannot be used */
  constructor(pem: TlsPem) {
    this.#shared = contextOf(pem);
    this.#pem = pem;
  }

  /** Show another certificate from the next connection on. @throws CodedError E_CERTIFICATE; the old one then stays */
  replace(pem: TlsPem): void {
    this.#shared = contextOf(pem);
    this.#pem = pem;
  }

  /** For all who connect. */
  get shared(): SecureContext {
    return this.#shared;
  }

  /** For one client alone: with keys of its own, nobody else's sessions can be taken up in it. */
  makeOwn(): SecureContext {
    return contextOf(this.#pem);
  }
}

function contextOf({ certificate, key }: TlsPem): SecureContext {
  try {
    return createSecureContext({
      cert: certificate,
      key,
      // Older ones are withdrawn (RFC 8996).
      minVersion: 'TLSv1.2',
      // Nothing in FTP needs a second handshake, and each costs the server more than the client.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      sessionIdContext: 'ftp',
    });
  } catch (cause) {
    throw new CodedError('E_CERTIFICATE', `Certificate and key cannot be used together: ${messageOf(cause)}`, {
      cause,
    });
  }
}
