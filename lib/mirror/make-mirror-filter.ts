import { join } from 'node:path';
import { type Filter, makeFilter } from '../files/filter.ts';
import { combinePatterns, parsePattern, parsePatterns } from '../files/pattern.ts';
import type { FilterParameters } from './parameters.ts';
import { readIgnoreFile } from './read-ignore-file.ts';

/**
 * What the user leaves out, as it stands now: the ignore file is read anew.
 *
 * @throws FilesError E_PATTERN naming where the pattern stands; CodedError E_IGNORE_FILE
 */
export function makeMirrorFilter(localRoot: string, parameters: FilterParameters): Filter {
  const { extensions, exclude, include, ignoreFile, trash } = parameters;
  const patterns = combinePatterns({
    ignored: parsePatterns(readIgnoreFile(join(localRoot, ignoreFile)), ignoreFile),
    excludes: exclude,
    includes: include,
  });
  // Last, so that nothing takes it in again.
  return makeFilter({
    extensions,
    patterns: [
      ...patterns,
      parsePattern(`/${escapeGlob(ignoreFile)}`, '--ignore-file'),
      ...(trash === undefined ? [] : [parsePattern(`/${escapeGlob(trash)}`, '--trash')]),
    ],
  });
}

function escapeGlob(name: string): string {
  return name.replace(/[\\*?[\]!#{}()]/g, '\\$&');
}
