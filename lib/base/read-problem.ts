import { codeOf, messageOf } from './coded-error.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'there is an entry of that name already',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the share of the disk that one may use is full',
  EFBIG: 'the file would become larger than is allowed',
  EROFS: 'the disk may only be read',
  EXDEV: 'it lies on another disk',
};

/** Why a file or folder could not be read or written, in words without its path. */
export function readProblem(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? messageOf(error) : (PROBLEMS[code] ?? `the system says ${code}`);
}
