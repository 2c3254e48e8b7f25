import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import { type Filter, makeFilter } from '../files/filter.ts';
import { combinePatterns, type Pattern, parsePattern, parsePatterns } from '../files/pattern.ts';
import type { FilterParameters } from './parameters.ts';

/**
 * What the user leaves out, as it stands now: the ignore file is read anew.
 *
 * @throws FilesError E_PATTERN naming where the pattern stands; the system's error when the ignore file cannot be read:
 *   to go on without it would put on the site what it hides
 */
export function makeMirrorFilter(localRoot: string, parameters: FilterParameters): Filter {
  const { extensions, exclude, include, ignoreFile } = parameters;
  const patterns = combinePatterns({
    ignored: patternsIn(join(localRoot, ignoreFile), ignoreFile),
    excludes: exclude,
    includes: include,
  });
  // Last, so that nothing takes it in again.
  return makeFilter({
    extensions,
    patterns: [...patterns, parsePattern(`/${escapeGlob(ignoreFile)}`, '--ignore-file')],
  });
}

function patternsIn(file: string, name: string): readonly Pattern[] {
  try {
    return parsePatterns(readFileSync(file, 'utf8'), name);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function escapeGlob(name: string): string {
  return name.replace(/[\\*?[\]!#{}()]/g, '\\$&');
}
