import { lstatSync, readFileSync } from 'node:fs';
import { CodedError, codeOf } from '../base/coded-error.ts';
import { fault } from '../base/fault.ts';
import { readProblem } from '../base/read-problem.ts';

/**
 * The text of the ignore file; `''` where there is none.
 *
 * @param file its absolute path
 * @throws CodedError E_IGNORE_FILE when it is there but cannot be read, or is not UTF-8: to go on without what it says
 *   would put on the site what it hides
 */
export function readIgnoreFile(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && !isLink(file)) return '';
    const { message } = fault('--ignore-file', `cannot be read: ${problemOf(cause)}`, file);
    throw new CodedError('E_IGNORE_FILE', message, { cause });
  }
}

function problemOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'it is a link to nothing';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not valid UTF-8';
    default:
      return readProblem(error);
  }
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
