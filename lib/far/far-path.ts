/**
 * The absolute path of what a user names from a folder; `.` and `..` are taken out here, as no two servers take them alike.
 *
 * @param folder absolute far path
 * @param named absolute, or seen from the folder; `''` is the folder itself
 */
export function resolveFar(folder: string, named: string): string {
  const names: string[] = [];
  for (const name of (named.startsWith('/') ? named : `${folder}/${named}`).split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

/** The folder that holds what is at an absolute far path; `/` for the root itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

/** The last name of an absolute far path; `''` for the root. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
