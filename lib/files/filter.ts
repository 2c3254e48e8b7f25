import picomatch from 'picomatch';
import { join, nameOf } from './directory.ts';
import type { Pattern } from './pattern.ts';

/** What a filter can tell apart. */
export type EntryKind = 'file' | 'directory';

/** Decides what is left out. Paths are relative to the root, parts joined by `/`; upper and lower case differ. */
export interface Filter {
  /** Is the entry left out? Its parents must be known to be in. */
  leavesOut(path: string, kind: EntryKind): boolean;
  /** Is the entry or a folder it lies in left out? For paths the scan did not come to by itself. */
  leavesOutWithParents(path: string, kind: EntryKind): boolean;
}

/** What a filter is made from. */
export interface FilterOptions {
  /** Ends of names of files, with or without their dot. Weaker than every pattern: one may take a file in again. */
  readonly extensions?: readonly string[];
  /** The last one that matches decides. */
  readonly patterns?: readonly Pattern[];
}

// Braces, quotes and the like need no option: globOfPart has taken away their meaning.
const AS_WRITTEN = {
  dot: true,
  literalBrackets: false,
  // The short cuts put backslashes before letters like é, which the flag u forbids.
  fastpaths: false,
  // Else `a/**` would match the folder itself, too.
  strictSlashes: true,
  // By characters, not by halves of them, and names may hold a line feed.
  flags: 'su',
  // Else a regular expression that fails is turned into one that never matches.
  debug: true,
} as const;

/** Make a filter of extensions and patterns; without any it leaves nothing out. */
export function makeFilter({ extensions = [], patterns = [] }: FilterOptions = {}): Filter {
  const endings = extensions.map(endingOf);
  const rules = patterns.map(ruleOf).reverse();
  const leavesOut = (path: string, kind: EntryKind): boolean => {
    const rule = rules.find(({ matches }) => matches(path, kind));
    if (rule) return !rule.takesBack;
    return kind === 'file' && endings.some((ending) => path.endsWith(ending));
  };
  return {
    leavesOut,
    leavesOutWithParents: (path, kind) =>
      parentsOf(path).some((at) => leavesOut(at, 'directory')) || leavesOut(path, kind),
  };
}

interface Rule {
  readonly takesBack: boolean;
  readonly matches: (path: string, kind: EntryKind) => boolean;
}

function ruleOf({ glob, anchored, foldersOnly, takesBack }: Pattern): Rule {
  // Not picomatch() itself: it also calls a path a match that is the same text as the glob, special characters and all.
  const like = picomatch.makeRe(glob, AS_WRITTEN);
  return {
    takesBack,
    matches: (path, kind) => (!foldersOnly || kind === 'directory') && like.test(anchored ? path : nameOf(path)),
  };
}

function endingOf(extension: string): string {
  return extension.startsWith('.') ? extension : `.${extension}`;
}

/** The folders a path lies in, the topmost first. */
function parentsOf(path: string): readonly string[] {
  const parents: string[] = [];
  for (const name of path.split('/')) parents.push(join(parents.at(-1) ?? '', name));
  return parents.slice(0, -1);
}
