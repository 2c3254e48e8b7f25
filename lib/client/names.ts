import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPattern, matchName, plainName } from '../base/match-name.ts';
import { nameIn } from '../far/far-path.ts';
import type { DetailedEntry } from '../ftp/listing-details.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { ClientError } from './client-error.ts';
import type { CommandContext } from './command-context.ts';
import { isFolder } from './local-folder.ts';
import { shownName } from './output.ts';
import type { Word } from './parse-line.ts';

/** An entry on the site with where it is. */
export interface Found {
  /** Absolute far path. */
  readonly path: string;
  readonly entry: DetailedEntry;
}

/** The path of an entry of a far folder. */
export function below(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/**
 * The entries on the site that words stand for: one that is there for a plain name, any number for a pattern in the last
 * part of a path.
 *
 * @throws TransferError E_MISSING for a plain name that is not there, and for a pattern that nothing fits
 */
export async function farNames(words: readonly Word[], context: CommandContext): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const word of words) found.push(...(await farNamesOf(word, context)));
  return found;
}

async function farNamesOf({ text, pattern }: Word, context: CommandContext): Promise<readonly Found[]> {
  const { session, signal } = context;
  const slash = pattern.lastIndexOf('/');
  const last = pattern.slice(slash + 1);
  if (!isPattern(last)) {
    const path = session.far.absolute(text);
    const entry = await session.do(signal, (far) => far.entry(path));
    if (!entry) throw new TransferError('E_MISSING', `There is no ${shownName(path)} on the site`);
    if (entry === 'unseen') throw unseenName(path);
    return [{ path, entry: { ...entry, name: nameIn(path) } }];
  }
  const folder = session.far.absolute(plainName(pattern.slice(0, slash + 1)) || '.');
  const entries = await entriesIn(folder, context);
  const fitting = sorted(entries.filter(({ name }) => matchName(last, name)));
  if (fitting.length === 0)
    throw new TransferError('E_MISSING', `Nothing in ${shownName(folder)} fits ${shownName(text)}`);
  return fitting.map((entry) => ({ path: below(folder, entry.name), entry }));
}

/** What is in a folder on the site; that there is more which nobody can read is told. */
export async function entriesIn(folder: string, context: CommandContext): Promise<readonly DetailedEntry[]> {
  const { entries, unreadable } = await context.session.do(context.signal, (far) => far.list(folder));
  if (unreadable.length > 0) {
    const lines = unreadable.length === 1 ? '1 line' : `${unreadable.length} lines`;
    const name = shownName(context.session.far.absolute(folder));
    context.output.note(`${name}: ${lines} of the listing cannot be read, or lead out of the folder`);
  }
  return entries;
}

/** Nothing can be done with what the server does not tell of. */
export function unseenName(path: string): TransferError {
  return new TransferError('E_REFUSED', `The server does not tell what is at ${shownName(path)}`);
}

/** The local paths, absolute, that words stand for; a pattern stands for files. @throws ClientError E_LOCAL_FILE for a pattern that nothing fits */
export function localNames(words: readonly Word[], { local }: Pick<CommandContext, 'local'>): readonly string[] {
  return words.flatMap(({ text, pattern }) => {
    const slash = pattern.lastIndexOf('/');
    const last = pattern.slice(slash + 1);
    if (!isPattern(last)) return [local.resolve(text)];
    const folder = local.resolve(plainName(pattern.slice(0, slash + 1)) || '.');
    const fitting = namesIn(folder).filter((name) => matchName(last, name) && !isFolder(join(folder, name)));
    if (fitting.length === 0)
      throw new ClientError('E_LOCAL_FILE', `No file in ${shownName(folder)} fits ${shownName(text)}`);
    return fitting.toSorted().map((name) => join(folder, name));
  });
}

/** Entries in the order of their names. */
export function sorted(entries: readonly DetailedEntry[]): readonly DetailedEntry[] {
  return entries.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * All that lies at and below a path, folders before what is in them; links are told and not followed.
 *
 * @param deepest how many levels below it
 */
export async function* walk(
  top: Found,
  context: CommandContext,
  deepest = Number.POSITIVE_INFINITY,
): AsyncGenerator<Found> {
  const open: { readonly found: Found; readonly depth: number }[] = [{ found: top, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { found, depth } = next;
    yield found;
    if (found.entry.kind !== 'directory' || depth >= deepest) continue;
    for (const entry of sorted(await entriesIn(found.path, context)).toReversed()) {
      open.push({ found: { path: below(found.path, entry.name), entry }, depth: depth + 1 });
    }
  }
}

/** Where on the site a file goes: into a folder that is there or is named with a slash at its end, else to that path. */
export async function farPlaceFor(name: string, wanted: string | undefined, context: CommandContext): Promise<string> {
  const { session, signal } = context;
  const { far } = session;
  if (wanted === undefined) return far.absolute(name);
  const path = far.absolute(wanted);
  if (wanted.endsWith('/')) return below(path, name);
  const there = await session.do(signal, () => far.entry(path));
  return there !== 'unseen' && there?.kind === 'directory' ? below(path, name) : path;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
