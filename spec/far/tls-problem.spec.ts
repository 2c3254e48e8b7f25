import { farError } from '../../lib/far/far-error.ts';
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

describe('A failure of TLS', () => {
  // As they come when single bits change on the way, told by this end and by the other.
  const damages = [
    'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
    'ERR_SSL_CIPHER_OPERATION_FAILED',
    'ERR_SSL_DIGEST_CHECK_FAILED',
    'ERR_SSL_BAD_RECORD_TYPE',
    'ERR_SSL_UNEXPECTED_MESSAGE',
    'ERR_SSL_UNEXPECTED_RECORD',
    'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
    'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
    'ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE',
  ];
  for (const code of damages) {
    it(`is a connection that broke, and may pass, where the code is ${code}`, () => {
      const error = farError('Cannot ask', failure(code, { reason: 'odd' }));
      expect([error.code, error.retry]).toEqual(['E_LOST', true]);
      expect(error.message).toBe('Cannot ask: a record of TLS was damaged on the way (odd)');
    });
  }

  for (const code of ['CERT_HAS_EXPIRED', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']) {
    it(`is a reason to distrust, and does not pass, where the code is ${code}`, () => {
      const error = farError('Cannot ask', failure(code));
      expect([error.code, error.retry]).toEqual(['E_TLS', false]);
    });
  }
});
