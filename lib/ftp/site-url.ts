import { didYouMean } from '../base/nearest.ts';
import type { SiteProtocol } from './site.ts';
import { checkSite, type ParsedSite, siteFault } from './site-parts.ts';

const PROTOCOLS: readonly SiteProtocol[] = ['ftp', 'ftpes', 'ftps'];

/**
 * Read a URL of a site: `ftp://`, `ftpes://` (TLS by AUTH, RFC 4217) or `ftps://` (TLS from the first byte).
 *
 * As RFC 1738 section 3.2.2 says and curl does, the path begins behind the slash that ends the host: `ftp://host/dir` is
 * relative to the folder the login starts in, `ftp://host//dir` and `ftp://host/%2Fdir` are absolute. User, password and
 * path may be percent-encoded; `?` and `#` have no meaning of their own. `new URL` is not used: it takes `..` out of
 * paths, cuts passwords at `#`, and treats `ftp` differently from `ftpes`.
 *
 * @param scheme in lower case
 * @param text all of the URL
 */
export function parseSiteUrl(scheme: string, text: string): ParsedSite {
  const protocol = PROTOCOLS.find((known) => known === scheme);
  if (!protocol) return { faults: [siteFault(schemeRule(scheme))] };
  const { authority, path } = splitPath(text.slice(scheme.length + '://'.length));
  const at = authority.lastIndexOf('@');
  const { host, port } = splitPort(authority.slice(at + 1));
  const [user, password] = splitLogin(at < 0 ? '' : authority.slice(0, at)).map(decode);
  const directory = decode(path);
  const decodedHost = decode(host);
  if (user === undefined || password === undefined || directory === undefined || decodedHost === undefined) {
    return { faults: [siteFault('a % in a URL must be followed by two hex digits of UTF-8; write %25 for the sign')] };
  }
  if (port === '') return { faults: [siteFault('the port behind the colon is empty')] };
  return checkSite({ protocol, host: decodedHost, port, user, password, directory });
}

function schemeRule(scheme: string): string {
  if (scheme === 'sftp') return 'sftp:// is SSH, another protocol than FTP; use ftp://, ftpes:// or ftps://';
  return `unknown scheme ${scheme}://, use ftp://, ftpes:// or ftps://${didYouMean(scheme, PROTOCOLS)}`;
}

function splitPath(rest: string): { authority: string; path: string } {
  const slash = rest.indexOf('/');
  return slash < 0 ? { authority: rest, path: '' } : { authority: rest.slice(0, slash), path: rest.slice(slash + 1) };
}

// The colons of an IPv6 address stand in brackets.
function splitPort(hostAndPort: string): { host: string; port: string | undefined } {
  const match = /^(\[.*\]|[^:]*)(?::(.*))?$/s.exec(hostAndPort);
  return match ? { host: match[1] ?? '', port: match[2] } : { host: '', port: undefined };
}

function splitLogin(login: string): readonly [user: string, password: string] {
  const colon = login.indexOf(':');
  return colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Refused by the caller, without the text: it may be the password.
    return undefined;
  }
}
