import type { SecureContext } from 'node:tls';
import type { TlsIdentity } from './tls-identity.ts';

/** How a server offers TLS. */
export interface TlsSettings {
  readonly identity: TlsIdentity;
  /** Is nobody served without it? Logins and transfers in plain text are refused then. */
  readonly requireTls?: boolean;
  /**
   * Must a data connection take up the TLS session of its control connection? It proves that both are of one client
   * (RFC 4217 section 10.1), and shuts clients out that cannot do it.
   */
  readonly requireSessionReuse?: boolean;
}

/** How far TLS has come in a session. Beside the state of the login: a second USER changes nothing of it. */
export interface Security {
  /** What the control connection is protected by, and data connections are to be; `undefined` in plain text. */
  context: SecureContext | undefined;
  /** PBSZ was said. */
  hasBufferSize: boolean;
  /** The level of PROT for data connections: clear or private. */
  protection: 'C' | 'P';
}

/** That of a control connection in plain text. */
export function noSecurity(): Security {
  return { context: undefined, hasBufferSize: false, protection: 'C' };
}

/** That of a control connection that has become secure: PBSZ and PROT count from there on (RFC 4217 sections 8 and 9). */
export function freshSecurity({ identity, requireSessionReuse }: TlsSettings): Security & { context: SecureContext } {
  return { ...noSecurity(), context: requireSessionReuse ? identity.makeOwn() : identity.shared };
}
