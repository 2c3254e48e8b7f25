import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, fault } from '../base/fault.ts';
import { showText } from '../base/show-text.ts';

/** What {@link parseTrash} takes, in words. */
export const TRASH_RULE = 'must be a folder on the site, without . and .. in it';

/** Read the value of `--trash`: slashes that say nothing are taken out; `undefined` when it breaks {@link TRASH_RULE}. */
export function parseTrash(text: string): string | undefined {
  const names = namesIn(text);
  const isFolder = names.length > 0 && !names.some((name) => name === '.' || name === '..' || /\p{Cc}/u.test(name));
  return isFolder ? `${text.startsWith('/') ? '/' : ''}${names.join('/')}` : undefined;
}

/**
 * Where the trash lies below the far root: nothing is mirrored there.
 *
 * @param trash as {@link parseTrash} gives it
 * @param directory the far root as the user named it
 * @returns `''` when it is the far root itself; `undefined` when there is none, or when it lies elsewhere
 */
export function trashBelow(trash: string | undefined, directory: string): string | undefined {
  if (!trash?.startsWith('/')) return trash;
  const root = namesIn(directory);
  const names = namesIn(trash);
  return root.every((name, index) => names[index] === name) ? names.slice(root.length).join('/') : undefined;
}

/** What is wrong with a trash beside this far root. */
export function trashFaults(trash: string | undefined, directory: string): readonly Fault[] {
  if (trash?.startsWith('/') && !directory.startsWith('/')) {
    // Only the server knows whether one lies in the other.
    return [fault('--trash', 'must be relative where the far folder is relative to that of the login', trash)];
  }
  return trashBelow(trash, directory) === ''
    ? [fault('--trash', 'must not be the far folder itself: what is in it is mirrored', trash ?? '')]
    : [];
}

/** A near entry that has the place of the trash. */
export function trashWarnings(below: string | undefined, localDirectory: string): readonly string[] {
  if (below === undefined || !existsSync(join(localDirectory, below))) return [];
  return [`Not mirrored, since --trash has its place on the site: ${showText(join(localDirectory, below))}`];
}

function namesIn(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}
