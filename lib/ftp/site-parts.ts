import { isIPv6 } from 'node:net';
import { type Fault, fault } from '../base/fault.ts';
import { wholeNumber } from '../base/plain-number.ts';
import type { Site, SiteProtocol } from './site.ts';

/** A site without its secret: what a pair of folders is known by. */
export type SiteAddress = Omit<Site, 'password'>;

/** A site as the user wrote it: name and password may still have to be found elsewhere. */
export type SiteParts = Omit<Site, 'user' | 'password'> & {
  readonly user?: string;
  readonly password?: string;
};

/** The texts of a site's fields, decoded but not checked. A missing or empty one is not given. */
export interface SiteFields {
  readonly protocol: SiteProtocol;
  readonly host: string;
  readonly port?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly directory: string;
}

/** A checked site, or all that is wrong with it. */
export type ParsedSite = { readonly parts: SiteParts } | { readonly faults: readonly Fault[] };

/** The port a protocol is spoken on when nobody says otherwise (RFC 959 section 3.2; IANA for implicit TLS). */
export const DEFAULT_PORTS: Readonly<Record<SiteProtocol, number>> = { ftp: 21, ftpes: 21, ftps: 990 };

// Letters of any script, since a name may be international; everything that separates parts of a site is left out.
const HOST = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u;
// RFC 1035 section 2.3.4.
const LONGEST_HOST = 253;
const CONTROL = /\p{Cc}/u;

/**
 * Check the fields of a site and put them into their final form.
 *
 * The faults never hold a value: a forgotten or added comma can put the password into any field.
 */
export function checkSite(fields: SiteFields): ParsedSite {
  const host = hostOf(fields.host);
  const port = fields.port ? wholeNumber(fields.port, [1, 65535]) : DEFAULT_PORTS[fields.protocol];
  const faults = [...textFaults(fields)];
  if (host === undefined)
    faults.push(siteFault('the host must be a name, an IPv4 address, or an IPv6 address in brackets'));
  if (port === undefined) faults.push(siteFault('the port must be a whole number from 1 to 65535, in plain digits'));
  if (host === undefined || port === undefined || faults.length > 0) return { faults };
  const parts = { protocol: fields.protocol, host, port, directory: tidyDirectory(fields.directory) };
  return {
    parts: {
      ...parts,
      ...(fields.user ? { user: fields.user } : {}),
      ...(fields.password ? { password: fields.password } : {}),
    },
  };
}

/** A fault of the parameter `ftp_website`, which is never shown itself. */
export function siteFault(rule: string): Fault {
  return fault('ftp_website', rule);
}

// A line end in any of them would be a second FTP command (RFC 959 section 5.3.1).
function textFaults(fields: SiteFields): readonly Fault[] {
  const texts = { user: fields.user, password: fields.password, directory: fields.directory };
  return Object.entries(texts)
    .filter(([, text]) => text !== undefined && CONTROL.test(text))
    .map(([name]) => siteFault(`the ${name} must not hold control characters such as line ends`));
}

// Names are compared to find the journal of a pair, and upper and lower case mean the same host.
function hostOf(text: string): string | undefined {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIPv6(bracketed) ? bracketed.toLowerCase() : undefined;
  return HOST.test(text) && text.length <= LONGEST_HOST ? text.toLowerCase() : undefined;
}

// `test`, `test/` and `test//` are one folder and must be one pair.
function tidyDirectory(directory: string): string {
  const tidy = directory.replaceAll(/\/+/g, '/');
  return tidy === '/' ? tidy : tidy.replace(/\/$/, '');
}
