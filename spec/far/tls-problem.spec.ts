import { tlsProblem } from '../../lib/far/tls-problem.ts';

const failure = (code: string, more: object = {}) =>
  Object.assign(new Error('words of OpenSSL\nin two lines'), { code }, more);

describe('tlsProblem', () => {
  // The same alert is called in another way by OpenSSL 3.0 (Node 20) and 3.5 (Node 24).
  const helps: readonly (readonly [string, RegExp])[] = [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /--tls-ca.*--tls-pin/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /--tls-ca.*--tls-pin/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /--tls-ca.*--tls-pin/],
    ['CERT_HAS_EXPIRED', /expired/],
    ['CERT_NOT_YET_VALID', /clock/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /ftpes:/],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', /ftpes:/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /--tls-cert/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /--tls-cert/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /--tls-cert/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /--tls-cert/],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /--tls-cert/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', /--tls-cert/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /version of TLS/],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', /versions of TLS/],
  ];
  for (const [code, help] of helps) {
    it(`says what helps where the code is ${code}`, () => {
      expect(tlsProblem(failure(code))).toMatch(help);
    });
  }

  it('names both hosts where the certificate is for another', () => {
    const more = { host: 'here.example', cert: { subjectaltname: 'DNS:there.example' } };
    expect(tlsProblem(failure('ERR_TLS_CERT_ALTNAME_INVALID', more))).toMatch(/for DNS:there\.example, not for here/);
  });

  it('tells in one line what it does not know', () => {
    expect(tlsProblem(failure('ERR_SSL_NO_SUCH_THING'))).toBe('words of OpenSSL in two lines');
    expect(tlsProblem(failure('ERR_SSL_NO_SUCH_THING', { reason: 'no such thing' }))).toBe('no such thing');
  });

  for (const code of ['ECONNRESET', 'ETIMEDOUT', 'ECONNREFUSED', '']) {
    it(`has nothing to say of ${code || 'an error without a code'}`, () => {
      expect(tlsProblem(failure(code))).toBeUndefined();
    });
  }
});
