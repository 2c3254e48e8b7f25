import { sep } from 'node:path';
import { ServerError } from './server-error.ts';

// NUL ends a name for the system, CR and LF end a line of the protocol. On Windows these characters would lead to
// another folder, drive or stream.
const forbidden = sep === '\\' ? /[\r\n\0\\:*?"<>|]/ : /[\r\n\0]/;

/** Can this name be stored and be told over FTP? */
export function isUsableName(name: string): boolean {
  return !forbidden.test(name);
}

/**
 * A path as the client sees it: absolute, `/` is the user's root, no `.` or `..` left in it (RFC 3659 section 6, TVFS).
 *
 * @param cwd the session's current folder, itself such a path
 * @param argument what the client sent, blanks and all; `..` at the root stays there
 * @throws ServerError E_NAME for a name with CR, LF or NUL
 */
export function resolvePath(cwd: string, argument: string): string {
  if (!isUsableName(argument)) throw new ServerError('E_NAME', 'A name cannot hold CR, LF or NUL');
  const parts: string[] = [];
  for (const part of (argument.startsWith('/') ? argument : `${cwd}/${argument}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The folder that holds the entry at a path; the root holds itself. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** The last part of a path; `''` for the root. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
