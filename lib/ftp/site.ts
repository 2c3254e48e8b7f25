/** How the control connection is secured: not at all, by AUTH TLS after the greeting (RFC 4217), or from the first byte. */
export type SiteProtocol = 'ftp' | 'ftpes' | 'ftps';

/** An FTP site and the folder on it, with all that is needed to log in. Plain JSON values: it travels to child processes. */
export type Site = {
  readonly protocol: SiteProtocol;
  /** Host name, IPv4 address, or IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The far folder as the user wrote it: absolute, or relative to the folder the login starts in; `''` is that folder. */
  readonly directory: string;
};
