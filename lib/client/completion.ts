import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ArgumentKind, Command } from './command.ts';
import { commandTable } from './command-table.ts';
import { isFolder } from './local-folder.ts';
import { quoteWord } from './parse-line.ts';
import { Settings } from './settings.ts';
import type { ShellContext } from './shell.ts';

/** What may stand in the place of the last word, and that word as it was typed. */
export type Completions = readonly [candidates: readonly string[], word: string];

// What fits on a screen. Ten thousand names would push everything else out of sight.
const MOST_SHOWN = 100;

// A server that does not answer shall not hold up who types.
const PATIENCE_MS = 3000;

/** Completes what is typed: commands, options, local and remote names, bookmarks and settings. */
export class Completion {
  readonly #context: ShellContext;

  constructor(context: ShellContext) {
    this.#context = context;
  }

  /** @param line up to the cursor */
  async complete(line: string): Promise<Completions> {
    const [candidates, word] = await this.#complete(line);
    return [fewOf(candidates.toSorted(), word), word];
  }

  async #complete(line: string): Promise<Completions> {
    // As far as a quote or an escape goes, a word goes on.
    const word = /(?:[^\s;"'\\]|\\.|"[^"]*"?|'[^']*'?)*$/s.exec(line)?.[0] ?? '';
    const before = wordsOf(line.slice(0, line.length - word.length));
    const typed = unquoted(word);
    const [name, ...others] = before;
    if (name === undefined) return [starting(commandNames(), typed), word];
    const command = commandTable.find((one) => one.name === name || one.aliases?.includes(name));
    if (!command) return [[], word];
    if (typed.startsWith('-')) return [starting(optionsOf(command), typed), word];
    const at = others.filter((other) => !other.startsWith('-')).length;
    const kinds = command.completes ?? [];
    return [await this.#names(kinds[at] ?? kinds.at(-1) ?? 'none', typed), word];
  }

  async #names(kind: ArgumentKind, typed: string): Promise<readonly string[]> {
    switch (kind) {
      case 'command':
        return starting(commandNames(), typed);
      case 'bookmark':
        return starting([...this.#context.bookmarks.all().keys()], typed);
      case 'setting':
        return starting(Settings.names, typed);
      case 'local':
        return paths(typed, (folder) => this.#localNames(folder));
      case 'remote':
      case 'remote-folder':
        return paths(typed, (folder) => this.#farNames(folder, kind === 'remote-folder'));
      case 'none':
        return [];
    }
  }

  #localNames(folder: string): readonly string[] {
    try {
      const path = this.#context.local.resolve(folder === '' ? '.' : folder);
      return readdirSync(path).map((name) => (isFolder(join(path, name)) ? `${name}/` : name));
    } catch {
      return [];
    }
  }

  async #farNames(folder: string, isOnlyFolders: boolean): Promise<readonly string[]> {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const entries = await this.#context.session.cachedEntries(folder, signal);
      const wanted = isOnlyFolders ? entries.filter(({ kind }) => kind === 'directory') : entries;
      return wanted.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name));
    } catch {
      return [];
    }
  }
}

/** Where there are too many to be shown: what they have in common, else the first of them and how many more there are. */
function fewOf(candidates: readonly string[], word: string): readonly string[] {
  if (candidates.length <= MOST_SHOWN) return candidates;
  const [first = '', last = ''] = [candidates[0], candidates.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length += 1;
  if (length > word.length) return [first.slice(0, length)];
  return [...candidates.slice(0, MOST_SHOWN - 1), `(${candidates.length - MOST_SHOWN + 1} more)`];
}

/** Names in the folder that a typed path names, with that folder before them again. */
async function paths(
  typed: string,
  namesIn: (folder: string) => Promise<readonly string[]> | readonly string[],
): Promise<readonly string[]> {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  // An accent may be a character of its own, as names have it that come from a Mac: nobody can type it so.
  const begin = typed.slice(folder.length).normalize();
  const names = (await namesIn(folder)).filter(
    (name) => name.normalize().startsWith(begin) && (begin !== '' || !name.startsWith('.')),
  );
  // What would move the cursor or repaint the terminal is not offered: it can be typed with a pattern.
  const offered = names.filter((name) => !/[\p{Cc}\p{Cf}]/u.test(name));
  // A name that begins with a dash would be taken for an option.
  return offered.map((name) => quoteWord(`${folder === '' && name.startsWith('-') ? './' : folder}${name}`));
}

function starting(words: readonly string[], typed: string): readonly string[] {
  return words.filter((word) => word.startsWith(typed));
}

function commandNames(): readonly string[] {
  return commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}

function optionsOf({ options = [] }: Command): readonly string[] {
  return options.map(({ name }) => `--${name}`);
}

/** The words of the statement that the cursor is in. */
function wordsOf(text: string): readonly string[] {
  const statement = text.split(/;|&(?=\s)/).at(-1) ?? '';
  return statement.split(/\s+/).filter((word) => word !== '');
}

function unquoted(word: string): string {
  return word.replaceAll(/\\(.)|["']/gs, '$1');
}
