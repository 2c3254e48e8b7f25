import { codeOf, messageOf } from '../base/coded-error.ts';

const UNKNOWN_AUTHORITY =
  'its certificate is signed by somebody who is not trusted: name the certificate of that authority with --tls-ca, or the key of the server with --tls-pin';

const NO_TLS =
  'it does not answer in TLS: ftps:// is for servers that speak TLS from the first byte, ftpes:// for the others';

// By the codes of OpenSSL's verification and of Node; docs/guides/tls.md goes through them one by one.
const PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is signed by itself: name that certificate with --tls-ca, or its key with --tls-pin',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired: whoever runs it has to renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look whether the clock of this machine is right',
  CERT_REVOKED: 'its certificate was revoked: ask whoever runs it for another',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it knows only versions of TLS that are not safe any more',
  ALERT_PROTOCOL_VERSION: 'it has no version of TLS in common with us',
  ALERT_CERTIFICATE_REQUIRED: 'it demands a certificate of ours: name one with --tls-cert',
  ALERT_UNKNOWN_CA: 'it does not trust our certificate: look at the one named with --tls-cert',
  ALERT_BAD_CERTIFICATE: 'it refuses our certificate: look at the one named with --tls-cert',
  ALERT_CERTIFICATE_EXPIRED: 'our certificate has expired: name another with --tls-cert',
  ALERT_HANDSHAKE_FAILURE:
    'it refuses the TLS handshake: it may demand a certificate of ours (--tls-cert), or have no cipher in common with us',
};

// The name has the version that brought the alert in it, and from OpenSSL 3.2 on another one.
const ALERT = /^ERR_SSL_[A-Z0-9/]+_ALERT_/;

// What OpenSSL 3 tells when single bits change on the way, by itself or as an alert of the other end. Not all of it: in the
// handshake most damages look like a server that means it.
const DAMAGES: ReadonlySet<string> = new Set([
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'ERR_SSL_CIPHER_OPERATION_FAILED',
  'ERR_SSL_DIGEST_CHECK_FAILED',
  'ERR_SSL_BAD_RECORD_TYPE',
  'ERR_SSL_UNEXPECTED_MESSAGE',
  'ERR_SSL_UNEXPECTED_RECORD',
  'ALERT_BAD_RECORD_MAC',
  'ALERT_UNEXPECTED_MESSAGE',
]);

const OF_TLS = /^(ERR_(TLS|SSL|OSSL)|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_|HOSTNAME_|EPROTO)/;

/** What a failure of TLS means and what helps, in words about the server; `undefined` for a failure of anything else. */
export function tlsProblem(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  if (!OF_TLS.test(code)) return undefined;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherHost(error);
  if (isDamage(error)) return `a record of TLS was damaged on the way (${inOneLine(error)})`;
  return PROBLEMS[nameOf(code)] ?? inOneLine(error);
}

/** Does a failure of TLS only say that something was damaged on the way? That is no reason to distrust the server. */
export function isDamage(error: unknown): boolean {
  return DAMAGES.has(nameOf(codeOf(error) ?? ''));
}

function nameOf(code: string): string {
  return code.replace(ALERT, 'ALERT_');
}

/** What OpenSSL writes has many parts, and a line end. */
function inOneLine(error: unknown): string {
  const { reason } = error as { reason?: string };
  return (reason ?? messageOf(error)).replaceAll(/\s+/g, ' ').trim();
}

function otherHost(error: unknown): string {
  const { host = '', cert = {} } = error as { host?: string; cert?: { subjectaltname?: string } };
  const names = cert.subjectaltname ?? 'no host';
  return `its certificate is for ${names}, not for ${host}: call it by a name of its certificate, or name its key with --tls-pin`;
}
