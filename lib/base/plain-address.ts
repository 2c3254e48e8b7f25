import { isIPv4, SocketAddress } from 'node:net';

/** An address without the mark of an IPv4 address in an IPv6 socket (RFC 4291 section 2.5.5.2). */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
}

/** The one form of an address of which IPv6 knows many (RFC 5952), with its zone. @param address IPv4 or IPv6 */
export function usualAddress(address: string): string {
  const plain = plainAddress(address);
  if (isIPv4(plain)) return plain;
  const [bare = '', zone] = plain.split('%');
  const usualBare = plainAddress(new SocketAddress({ address: bare, family: 'ipv6' }).address);
  return zone === undefined || isIPv4(usualBare) ? usualBare : `${usualBare}%${zone}`;
}

/** Are both the same address, however they are written? IPv6 knows many ways (RFC 4291 section 2.2). */
export function isSameAddress(one: string, other: string): boolean {
  return usual(one) === usual(other);
}

/** Does it name no machine at all (RFC 4291 section 2.5.2, RFC 1122 section 3.2.1.3)? */
export function isUnspecified(address: string): boolean {
  const text = usual(address);
  return text === '0.0.0.0' || text === '::';
}

function usual(address: string): string {
  // The zone tells an interface of this machine: it is no part of what a client knows.
  const [bare = ''] = address.split('%');
  return usualAddress(bare);
}
