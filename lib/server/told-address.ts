import { BlockList } from 'node:net';

// Networks that are never reached from the internet: RFC 1122, RFC 1918, RFC 3927, RFC 6598.
const localNetworks = new BlockList();
for (const [address, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  localNetworks.addSubnet(address, bits, 'ipv4');
}

/**
 * The address that a client is told by 227: the one at which it reached us, unless that was translated on the way.
 *
 * @param own the server's end of the control connection, IPv4
 * @param remote the client's end
 * @param external what clients from the internet reach us by, where that is another one
 */
export function toldAddress(own: string, remote: string, external: string | undefined): string {
  return external === undefined || localNetworks.check(remote, 'ipv4') ? own : external;
}
