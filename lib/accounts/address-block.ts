import { isIP } from 'node:net';
import { wholeNumber } from '../base/plain-number.ts';

/** Is it an address, or a block of them such as `192.0.2.0/24`, that an account can be limited to? */
export function isAddressBlock(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  const mostBits = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && (bits === undefined || wholeNumber(bits, [0, mostBits]) !== undefined);
}
