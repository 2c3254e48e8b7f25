import { FilesError } from './files-error.ts';
import { globOfPart } from './pattern-glob.ts';
import { printable } from './printable.ts';

// Longer than any path the system takes (PATH_MAX of Linux): such a pattern cannot match, but would cost time to read.
const LONGEST = 4096;

/** One rule on what is left out, in the language of .gitignore (the manual page gitignore(5), "PATTERN FORMAT"). */
export interface Pattern {
  /** What a whole path (`anchored`) or a name alone must be like, for picomatch. */
  readonly glob: string;
  readonly anchored: boolean;
  readonly foldersOnly: boolean;
  /** Began with `!`: what it matches is taken in again. */
  readonly takesBack: boolean;
}

/**
 * Read one pattern.
 *
 * With a slash, other than at its end, it is compared with the whole path, else with the name on any level. A slash at
 * its end: folders only. `!` before it: takes back. A backslash takes away the meaning of the character after it.
 *
 * @param text the pattern; a `#` at its begin and blanks at its end have no meaning here, only in a file
 * @param place where it comes from, for the message: `--exclude`
 * @throws FilesError E_PATTERN
 */
export function parsePattern(text: string, place: string): Pattern {
  const takesBack = text.startsWith('!');
  const rest = takesBack ? text.slice(1) : text;
  const foldersOnly = rest.endsWith('/');
  const body = foldersOnly ? rest.slice(0, -1) : rest;
  const anchored = body.includes('/');
  try {
    return { glob: globOf(body.replace(/^\//, '')), anchored, foldersOnly, takesBack };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `Reading the pattern '${printable(text)}' (${place}): ${error.message}; mend it or take it away`;
    throw new FilesError('E_PATTERN', message, { cause: error });
  }
}

/**
 * Read the text of an ignore file: a pattern a line; blank lines and those that begin with `#` are for people.
 *
 * Blanks at the end of a line are dropped unless a backslash stands before them.
 *
 * @param place the file's name, for the message
 * @throws FilesError E_PATTERN naming line and pattern
 */
export function parsePatterns(text: string, place = 'ignore file'): readonly Pattern[] {
  const patterns: Pattern[] = [];
  // An editor on Windows may have begun the file with a byte order mark.
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const pattern = withoutBlanksAtEnd(line);
    if (pattern === '' || pattern.startsWith('#')) continue;
    patterns.push(parsePattern(pattern, `${place}, line ${index + 1}`));
  }
  return patterns;
}

/** The places a user may write patterns at. */
export interface PatternSources {
  /** What {@link parsePatterns} read from the ignore file. */
  readonly ignored?: readonly Pattern[];
  /** The values of `--exclude`. */
  readonly excludes?: readonly string[];
  /** The values of `--include`: patterns of what is taken back. */
  readonly includes?: readonly string[];
}

/**
 * All patterns in the order of their weight, the last that matches wins: ignore file, then `--exclude`, then `--include`.
 *
 * @throws FilesError E_PATTERN
 */
export function combinePatterns({ ignored = [], excludes = [], includes = [] }: PatternSources): readonly Pattern[] {
  return [
    ...ignored,
    ...excludes.map((text) => parsePattern(text, '--exclude')),
    ...includes.map((text) => parsePattern(`!${text}`, '--include')),
  ];
}

function globOf(body: string): string {
  if (body.length > LONGEST) throw new SyntaxError(`it is longer than ${LONGEST} characters`);
  const parts = body.split('/');
  for (const part of parts) {
    if (part === '') throw new SyntaxError('a name is missing');
    // Paths are never written so, and a pattern that can never match is a mistake the user wants to hear of.
    if (part === '.' || part === '..') throw new SyntaxError(`'${part}' matches nothing, paths begin below the root`);
  }
  return parts.map((part) => (/^\*{2,}$/.test(part) && parts.length > 1 ? '**' : globOfPart(part))).join('/');
}

function withoutBlanksAtEnd(line: string): string {
  const bare = line.replace(/ +$/, '');
  const backslashes = /\\*$/.exec(bare)?.[0].length ?? 0;
  return backslashes % 2 === 1 && bare.length < line.length ? `${bare} ` : bare;
}
