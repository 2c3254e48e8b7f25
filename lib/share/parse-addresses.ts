import { isIP, isIPv6 } from 'node:net';
import { usualAddress } from '../base/plain-address.ts';

/** Where a peer listens. */
export interface GivenAddress {
  /** IPv4 or IPv6, without brackets, in the usual form: what is kept of it is found by that. */
  readonly address: string;
  /** Missing for the usual one. */
  readonly port?: number;
}

/** What {@link parseAddresses} takes. */
export const ADDRESSES_RULE =
  'must be IP addresses with commas between them, each with a port from 1 to 65535 or without, such as 192.168.1.7,192.168.1.8:21701 or [fd00::7]:21701';

/** @returns `undefined` for a text that breaks the rule */
export function parseAddresses(text: string): readonly GivenAddress[] | undefined {
  const addresses = text.split(',').map((part) => parseAddress(part.trim()));
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}

function parseAddress(text: string): GivenAddress | undefined {
  if (isIP(text) !== 0) return { address: usualAddress(text) };
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const given = bracketed ?? plain ?? '';
  if (bracketed === undefined ? isIP(given) !== 4 : !isIPv6(given)) return undefined;
  const address = usualAddress(given);
  if (digits === '') return { address };
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { address, port } : undefined;
}
