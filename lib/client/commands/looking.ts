import { isPattern, matchName, plainName } from '../../base/match-name.ts';
import type { FarShell } from '../../far/far-shell.ts';
import type { DetailedEntry } from '../../ftp/listing-details.ts';
import { bytes } from '../../sync/messages.ts';
import { TransferError } from '../../transfer/transfer-error.ts';
import type { Command, CommandCall, CommandOption } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { type ListOrder, listingLines, orderOf, shownEntry } from '../listing-lines.ts';
import { entriesIn, farNames, sorted, walk } from '../names.ts';
import { shownName } from '../output.ts';
import type { Word } from '../parse-line.ts';
import { numberOption } from '../read-arguments.ts';

const family = 'Looking';

const listOptions: readonly CommandOption[] = [
  { name: 'names', letter: '1', help: 'Names only, one a line' },
  { name: 'human', letter: 'h', help: 'Sizes with units' },
  { name: 'time', letter: 't', help: 'The newest first' },
  { name: 'size', letter: 'S', help: 'The largest first' },
  { name: 'reverse', letter: 'r', help: 'The other way round' },
  { name: 'all', letter: 'a', help: 'Also names that begin with a dot' },
  { name: 'long', letter: 'l', help: 'Rights and owner, too, where the server tells them' },
];

/** Commands that look at the site. */
export const lookingCommands: readonly Command[] = [
  {
    name: 'ls',
    aliases: ['dir'],
    family,
    usage: '[NAME ...]',
    help: 'Show names, sizes and times of what is in the folder, in other folders, or what fits a pattern',
    options: listOptions,
    ...{ completes: ['remote'], needsLogin: true },
    run: list,
  },
  {
    name: 'cd',
    family,
    usage: '[FOLDER]',
    help: 'Go to another folder on the site; without a name to where the login began, with - to the one before',
    ...{ most: 1, completes: ['remote-folder'], needsLogin: true },
    run: changeFolder,
  },
  {
    name: 'pwd',
    family,
    usage: '',
    help: 'Show the folder on the site',
    ...{ most: 0, needsLogin: true },
    run: async ({ session, output }) => {
      output.show({ facts: { folder: session.far.cwd }, lines: [shownName(session.far.cwd)] });
    },
  },
  {
    name: 'stat',
    family,
    usage: 'NAME ...',
    help: 'Show all that the server tells of entries',
    ...{ least: 1, completes: ['remote'], needsLogin: true },
    run: showEntries,
  },
  {
    name: 'du',
    family,
    usage: '[NAME ...]',
    help: 'Show how many bytes lie in folders and below',
    options: [{ name: 'summary', letter: 's', help: 'Only the sum of each name' }],
    ...{ completes: ['remote-folder'], needsLogin: true },
    run: showUse,
  },
  {
    name: 'find',
    family,
    usage: '[FOLDER] [PATTERN]',
    help: 'Show the paths of all that lies in a folder and below, or of what fits a pattern such as *.txt',
    options: [{ name: 'depth', letter: 'd', placeholder: 'N', help: 'No deeper than so many levels' }],
    ...{ most: 2, completes: ['remote-folder', 'none'], needsLogin: true },
    run: find,
  },
  {
    name: 'quota',
    family,
    usage: '',
    help: 'Show how much may still be stored, where the server tells it',
    ...{ most: 0, needsLogin: true },
    run: showQuota,
  },
];

async function list(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const order = orderOf(options);
  const asked: readonly Word[] = words.length === 0 ? [{ text: '.', pattern: '.' }] : words;
  for (const word of asked) {
    const all = inOrder(await entriesFor(word, order.all, context), order);
    const title = asked.length > 1 ? [`${shownName(word.text)}:`] : [];
    context.output.show({ facts: { of: word.text, entries: all }, lines: [...title, ...listingLines(all, order)] });
  }
}

function inOrder(entries: readonly DetailedEntry[], { by, reverse }: ListOrder): readonly DetailedEntry[] {
  const wanted =
    by === 'name'
      ? sorted(entries)
      : entries.toSorted((one, other) =>
          by === 'size' ? other.size - one.size : (other.mtimeMs ?? 0) - (one.mtimeMs ?? 0),
        );
  return reverse ? wanted.toReversed() : wanted;
}

/** What is in a folder, a file itself, or what fits a pattern; names that begin with a dot as a shell shows them. */
async function entriesFor(
  { text, pattern }: Word,
  showsHidden: boolean,
  context: CommandContext,
): Promise<readonly DetailedEntry[]> {
  const { session, signal } = context;
  const slash = pattern.lastIndexOf('/');
  const last = pattern.slice(slash + 1);
  const folder = isPattern(last) ? plainName(pattern.slice(0, slash + 1)) || '.' : text;
  try {
    const wanted = isPattern(last) ? last : '*';
    const entries = await entriesIn(folder, context);
    return entries.filter(({ name }) => matchName(wanted, name, showsHidden && wanted === '*'));
  } catch (error) {
    const mayBeFile = error instanceof TransferError && (error.code === 'E_MISSING' || error.code === 'E_REFUSED');
    const entry = mayBeFile ? await session.do(signal, (far) => far.entry(text)) : undefined;
    if (!entry || entry === 'unseen' || entry.kind === 'directory') throw error;
    return [entry];
  }
}

async function changeFolder({ session, signal, output }: CommandContext, { words }: CommandCall): Promise<void> {
  const folder = await session.change(words[0]?.text, signal);
  // The prompt tells it.
  output.show({ facts: { folder }, lines: [] });
}

async function showEntries(context: CommandContext, { words }: CommandCall): Promise<void> {
  for (const { path, entry } of await farNames(words, context)) {
    const facts = { ...entry, path };
    context.output.show({ facts, lines: shownEntry(path, entry) });
  }
}

async function showUse(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const asked: readonly Word[] = words.length === 0 ? [{ text: '.', pattern: '.' }] : words;
  for (const top of await farNames(asked, context)) {
    const sums = new Map<string, number>();
    for await (const { path, entry } of walk(top, context)) {
      if (entry.kind === 'directory') sums.set(path, sums.get(path) ?? 0);
      for (const folder of foldersAbove(path, top.path)) sums.set(folder, (sums.get(folder) ?? 0) + entry.size);
      if (path === top.path && entry.kind !== 'directory') sums.set(path, entry.size);
    }
    const shown = options.has('summary') ? [...sums].slice(0, 1) : [...sums];
    context.output.show({
      facts: { of: top.path, folders: shown.map(([path, size]) => ({ path, size })) },
      lines: shown.map(([path, size]) => `${bytes(size).padStart(10)}  ${shownName(path)}`),
    });
  }
}

/** The folders from the one that holds a path up to the top. */
function foldersAbove(path: string, top: string): readonly string[] {
  const folders: string[] = [];
  for (let at = path; at !== top && at !== '/' && at !== ''; ) {
    at = at.slice(0, at.lastIndexOf('/')) || '/';
    folders.push(at);
  }
  return folders;
}

async function find(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const [first, second] = words;
  const isOnlyPattern = second === undefined && first !== undefined && isPattern(first.pattern);
  const folder = isOnlyPattern || first === undefined ? { text: '.', pattern: '.' } : first;
  const pattern = (isOnlyPattern ? first : second)?.pattern ?? '*';
  const deepest =
    numberOption(options, { command: 'find', name: 'depth', range: [0, Number.POSITIVE_INFINITY] }) ??
    Number.POSITIVE_INFINITY;
  for (const top of await farNames([folder], context)) {
    for await (const { path, entry } of walk(top, context, deepest)) {
      // Hidden names fit, too: whoever looks for something wants to find it.
      if (path === top.path || !matchName(pattern, entry.name, true)) continue;
      const shown = entry.kind === 'directory' ? `${path}/` : path;
      context.output.show({ facts: { ...entry, path }, lines: [shownName(shown)] });
    }
  }
}

async function showQuota({ session, signal, output }: CommandContext): Promise<void> {
  const told = await session.do(signal, quotaOf);
  if (told === undefined) throw new TransferError('E_REFUSED', 'The server tells no quota');
  const { free, lines } = told;
  const freeLine = free === undefined ? [] : [`${bytes(free)} may still be stored (${free} bytes)`];
  output.show({ facts: { free: free ?? null, lines }, lines: [...lines.map(shownName), ...freeLine] });
}

async function quotaOf(far: FarShell): Promise<{ free: number | undefined; lines: readonly string[] } | undefined> {
  const free = await far.available();
  const { code, lines } = await far.quote('SITE QUOTA');
  const told =
    code < 300 ? lines.map((line) => line.replace(/^\d{3}[- ]?/, '').trim()).filter((line) => line !== '') : [];
  return free === undefined && told.length === 0 ? undefined : { free, lines: told };
}
