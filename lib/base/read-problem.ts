import { codeOf, messageOf } from './coded-error.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
};

/** Why a file or folder could not be read, in words without its path. */
export function readProblem(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? messageOf(error) : (PROBLEMS[code] ?? `the system says ${code}`);
}
