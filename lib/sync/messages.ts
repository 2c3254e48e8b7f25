import type { LeftOut, LeftReason } from '../files/left-out.ts';
import type { JobKind } from '../transfer/progress.ts';
import type { Step } from './plan.ts';

/** A step for the log: what, and where. */
export function describeStep({ kind, path, size }: Pick<Step, 'path' | 'size'> & { readonly kind: JobKind }): string {
  switch (kind) {
    case 'mkdir':
      return `Create folder ${path}`;
    case 'rmdir':
      return `Remove folder ${path}`;
    case 'remove':
      return `Remove file ${path}`;
    case 'upload':
      return `Send file ${path} (${bytes(size)})`;
    case 'download':
      return `Fetch file ${path} (${bytes(size)})`;
  }
}

/** Something on the site that is not removed, for the log. */
export function describeLeft({ kind, path }: Pick<Step, 'kind' | 'path'>): string {
  return kind === 'rmdir'
    ? `Folder left : ${path}, others have entries in it`
    : `File left : ${path}, others changed it since it was sent`;
}

const REASONS: Readonly<Record<LeftReason, string>> = {
  excluded: 'a filter leaves it out',
  'too-deep': 'it lies too deep',
  unreadable: 'it cannot be read',
  link: 'it is a symbolic link',
  dangling: 'it is a symbolic link to nothing',
  loop: 'it is a symbolic link to a folder that it lies in',
  special: 'it is neither a file nor a folder',
  name: 'FTP cannot carry its name: it holds a line end or is not valid UTF-8',
};

/**
 * A near entry that is left out, for the log.
 *
 * @param linkHint how the user has symbolic links taken in, where he can
 */
export function describeLeftOut({ path, reason, detail }: LeftOut, linkHint = ''): string {
  const more = `${detail === undefined ? '' : ` (${detail})`}${reason === 'link' ? linkHint : ''}`;
  return `Left out : ${path}, ${REASONS[reason]}${more}`;
}

/** A far entry that is left out, for the log. */
export function describeFarLeftOut({ path, reason, detail }: LeftOut): string {
  const what =
    reason === 'special' ? 'it is neither a file nor a folder on the site' : 'the site does not show all of it';
  return `Left out : ${path === '' ? 'the far folder' : path}, ${what}${detail === undefined ? '' : ` (${detail})`}`;
}

/** A number of bytes with the unit that fits, powers of 1024: `1.5 MiB`. */
export function bytes(number: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = number;
  let unit = 'B';
  while (value >= 1024 && units.length > 0) {
    value /= 1024;
    unit = units.shift() ?? unit;
  }
  return unit === 'B' ? `${value} B` : `${value.toFixed(1)} ${unit}`;
}
