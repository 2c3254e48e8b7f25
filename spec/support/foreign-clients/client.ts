/** How a client of others is to reach a server of ours. */
export interface Road {
  /** Numbers, without brackets. */
  readonly host: '127.0.0.1' | '::1';
  readonly port: number;
  readonly mode: 'passive' | 'active';
  readonly tls: 'plain' | 'explicit' | 'implicit';
  readonly user: string;
  readonly password: string;
  /** The certificate that signed the server's, a PEM file. */
  readonly authority: string;
}

/** A program to be run, and what it reads. */
export interface ClientCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A client of others: how it is told to send a file, and to fetch one. */
export interface ForeignClient {
  readonly name: string;
  /** Makes a spec pending, or with CI=true fail, where something is missing that it takes to go this way. */
  readonly require: (road: Road) => void;
  /** Can it go this way at all, as far as its makers say? */
  readonly goes: (road: Road) => boolean;
  /** Missing for one that only fetches. */
  readonly put?: (road: Road, local: string, remote: string) => ClientCommand;
  readonly get: (road: Road, remote: string, local: string) => ClientCommand;
}

/** The host as it stands in a URL. */
export function urlHost({ host, port }: Road): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
