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

const OF_TLS = /^(ERR_(TLS|SSL|OSSL)|CERT_|CRL_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_|HOSTNAME_|EPROTO)/;

/** What a failure of TLS means and what helps, in words about the server; `undefined` for a failure of anything else. */
export function tlsProblem(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  if (!OF_TLS.test(code)) return undefined;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return otherHost(error);
  return PROBLEMS[code.replace(ALERT, 'ALERT_')] ?? inOneLine(error);
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
