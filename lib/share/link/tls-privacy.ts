import type { Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { TLS_HANDSHAKE } from './greeting.ts';
import { deviceOf, type Identity } from './identity.ts';
import type { Privacy, Private } from './privacy.ts';

/** What both sides must want to speak (RFC 7301): a server for something else is not to be talked into it. */
const PROTOCOL = 'left/1';

// The one that every TLS 1.3 has (RFC 8446 section 9.1) comes first: with it both sides need a sixth less time than with the
// longer keys that the library prefers. The others are for machines on which that one is switched off.
const CIPHERS = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

// What the TLS library calls an answer that is none: by a peer that does not encrypt.
const NO_TLS = /WRONG_VERSION_NUMBER|PACKET_LENGTH|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LAYER_FAILURE/;

/** Encrypts connections by TLS 1.3; both sides show a certificate, and prove that they have its key. */
export class TlsPrivacy implements Privacy {
  readonly #context: SecureContext;

  constructor({ key, certificate }: Identity) {
    this.#context = createSecureContext({
      key,
      cert: certificate,
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      ciphers: CIPHERS,
    });
  }

  async accept(plain: Socket): Promise<Private> {
    const first = await firstByte(plain);
    if (first === undefined) return { kind: 'failed', why: 'It said nothing' };
    if (first !== TLS_HANDSHAKE) return { kind: 'unencrypted' };
    const socket = new TLSSocket(plain, { ...this.#options, isServer: true });
    return await shaken(socket, plain, 'secure');
  }

  dial(plain: Socket): Promise<Private> {
    return shaken(connect({ ...this.#options, socket: plain }), plain, 'secureConnect');
  }

  get #options() {
    return {
      secureContext: this.#context,
      requestCert: true,
      // Nobody has signed them but they themselves: their ids are compared.
      rejectUnauthorized: false,
      ALPNProtocols: [PROTOCOL],
    };
  }
}

/** The first byte of what comes, and all stays to be read. */
function firstByte(socket: Socket): Promise<number | undefined> {
  return new Promise((resolve) => {
    const settle = (byte: number | undefined) => {
      socket.off('data', look).off('close', settleClosed);
      resolve(byte);
    };
    const settleClosed = () => settle(undefined);
    const look = (bytes: Buffer) => {
      socket.pause();
      socket.unshift(bytes);
      settle(bytes[0]);
    };
    if (socket.destroyed) return settleClosed();
    socket.on('data', look).on('close', settleClosed);
    socket.resume();
  });
}

/** Wait for the end of the handshake. */
function shaken(socket: TLSSocket, plain: Socket, ready: 'secure' | 'secureConnect'): Promise<Private> {
  return new Promise((resolve) => {
    let failure: Private = { kind: 'failed', why: 'The connection was closed before it was encrypted' };
    socket.on('error', (error: Error & { readonly code?: string; readonly reason?: string }) => {
      // The library's own text is long, and tells of its source files.
      const why = `The connection cannot be encrypted: ${error.reason ?? error.code ?? error.message}`;
      failure = NO_TLS.test(error.code ?? '') ? { kind: 'unencrypted' } : { kind: 'failed', why };
      socket.destroy();
    });
    // Whoever ends the one means both.
    plain.once('close', () => socket.destroy());
    socket.once('close', () => resolve(failure));
    socket.once(ready, () => resolve(farEndOf(socket)));
  });
}

function farEndOf(socket: TLSSocket): Private {
  const certificate = socket.getPeerX509Certificate();
  // A session that is taken up again would prove nothing anew.
  if (certificate === undefined || socket.alpnProtocol !== PROTOCOL || socket.isSessionReused()) {
    socket.destroy();
    return { kind: 'failed', why: 'It encrypts, but does not show who it is' };
  }
  return { kind: 'open', socket, device: deviceOf(certificate.raw) };
}
