import { BlockList, isIP, isIPv6 } from 'node:net';
import { wholeNumber } from '../../base/plain-number.ts';

/**
 * What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, since that is what one household or machine is
 * given (RFC 6177) and can choose from at will.
 *
 * @param address as the system tells it, an IPv4 address without the mark of IPv6
 */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
  while (tail !== undefined && groups.length + last < 8) groups.push('0');
  const network = [...groups, ...(tail?.split(':') ?? [])].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/**
 * Is an address one of some, or in one of some blocks such as `192.0.2.0/24`? What is neither is passed over.
 *
 * @param allowed every address is, when it is missing
 */
export function isAmong(address: string, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined) return true;
  const [plain = ''] = address.split('%');
  const version = isIP(plain);
  const family = version === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const text of allowed) {
    const [network = '', bits, ...more] = text.split('/');
    // An IPv4 address is also one of IPv6 to this list: `::/0` would be everybody.
    if (isIP(network) !== version || more.length > 0) continue;
    const prefix = wholeNumber(bits ?? '', [0, version === 6 ? 128 : 32]);
    if (bits === undefined) list.addAddress(network, family);
    else if (prefix !== undefined) list.addSubnet(network, prefix, family);
  }
  return list.check(plain, family);
}
