import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bitString, generalizedTime, integer, objectIdentifier, sequence, setOf, utf8String } from './der.ts';

const ECDSA_WITH_SHA256 = sequence(objectIdentifier(1, 2, 840, 10045, 4, 3, 2));
const COMMON_NAME = objectIdentifier(2, 5, 4, 3);

// The same for all: who looks at a handshake learns no name of a machine.
const NAME = sequence(setOf(sequence(COMMON_NAME, utf8String('FilesMirror share'))));

// It is compared, not believed, so that nothing is gained by letting it run out; and a machine may think that it is 2020.
const VALIDITY = sequence(generalizedTime('20200101000000Z'), generalizedTime('21200101000000Z'));

const SERIAL_BYTES = 16;

/**
 * Make an X.509 certificate that is signed with the key that it is for (RFC 5280, version 1: there are no extensions).
 *
 * @param key a private one of the curve P-256
 * @returns DER; another one each time
 */
export function makeCertificate(key: KeyObject): Buffer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const serial = randomBytes(SERIAL_BYTES);
  // Neither zero nor negative, and as short as can be.
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const toBeSigned = sequence(integer(serial), ECDSA_WITH_SHA256, NAME, VALIDITY, NAME, publicKey);
  return sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(sign('sha256', toBeSigned, key)));
}
