import { showText } from '../base/show-text.ts';
import type { SiteParts } from './site-parts.ts';

/** A site for prompts and logs: `ftp://steve@192.168.43.122:21/test`, never with its password. */
export function showSite({ protocol, host, port, user, directory }: SiteParts): string {
  const login = user === undefined ? '' : `${showText(user)}@`;
  const name = host.includes(':') ? `[${host}]` : host;
  return `${protocol}://${login}${name}:${port}/${showText(directory)}`;
}
