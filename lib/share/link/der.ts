// As much of the Distinguished Encoding Rules (ITU-T X.690) as it takes to write one certificate.

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;

/** Things in their order. */
export function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(SEQUENCE, Buffer.concat(parts));
}

/** A set of one thing. */
export function setOf(part: Buffer): Buffer {
  return tagged(SET, part);
}

/** A whole number that is not negative, its bytes with the highest first. */
export function integer(bytes: Buffer): Buffer {
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return tagged(INTEGER, isNegative ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Whole bytes as bits. */
export function bitString(bytes: Buffer): Buffer {
  return tagged(BIT_STRING, Buffer.concat([Buffer.of(0), bytes]));
}

/** @param numbers at least two, as in 2.5.4.3 */
export function objectIdentifier(first: number, second: number, ...numbers: readonly number[]): Buffer {
  return tagged(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...numbers.flatMap(inBase128)]));
}

export function utf8String(text: string): Buffer {
  return tagged(UTF8_STRING, Buffer.from(text));
}

/** @param text `YYYYMMDDHHMMSSZ` */
export function generalizedTime(text: string): Buffer {
  return tagged(GENERALIZED_TIME, Buffer.from(text, 'latin1'));
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

/** Less than 128 is its own length; else how many bytes it takes stands before them. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

/** Seven bits a byte; all but the last one say that there are more. */
function inBase128(number: number): number[] {
  const bytes = [number % 128];
  for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | (left % 128));
  return bytes;
}
