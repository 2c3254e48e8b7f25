import { isIPv6 } from 'node:net';

/** Where a peer listens. */
export interface PeerAddress {
  /** An IP address. */
  readonly address: string;
  readonly port: number;
}

/** An address as it is shown and kept: `127.0.0.2:21700`, `[::1]:21700`. */
export function showAddress({ address, port }: PeerAddress): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}
