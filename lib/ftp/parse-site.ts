import { splitFields } from './site-fields.ts';
import { checkSite, type ParsedSite, siteFault } from './site-parts.ts';
import { parseSiteUrl } from './site-url.ts';

/**
 * Read a site: `host,user,password,directory[,port]` or a URL `ftp://user@host:port/dir`.
 *
 * In the form with commas blanks around a field do not count, a field that holds a comma or such a blank stands in double
 * quotes with `""` for a quote in it, an IPv6 host stands in brackets, the password may be empty, and `test` is relative
 * to the folder the login starts in while `/test` is absolute. See {@link parseSiteUrl} for the other form.
 */
export function parseSite(text: string): ParsedSite {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  return scheme === undefined ? parseFields(text) : parseSiteUrl(scheme.toLowerCase(), text.trim());
}

function parseFields(text: string): ParsedSite {
  const fields = splitFields(text);
  if (!fields) {
    return refuse('a field in double quotes must end with one, followed by a comma or the end; "" is a quote in it');
  }
  if (fields.length > 1 && fields.at(-1) === '' && fields.length < 4) {
    return refuse('it ends with a comma: put all of it in quotes when there are blanks in it');
  }
  if (fields.length < 4)
    return refuse('must be host,user,password,directory[,port] or a URL such as ftp://user@host/dir');
  if (fields.length > 5) return refuse('has more than five fields: put a field that holds a comma in double quotes');
  const [host = '', user = '', password = '', directory = '', port] = fields;
  const checked = checkSite({ protocol: 'ftp', host, user, password, directory, port });
  const faults = 'faults' in checked ? [...checked.faults] : [];
  if (user === '') faults.push(siteFault('the user, its second field, is empty'));
  if (port === '') faults.push(siteFault('the port, its fifth field, is empty'));
  return faults.length > 0 ? { faults } : checked;
}

function refuse(rule: string): ParsedSite {
  return { faults: [siteFault(rule)] };
}
