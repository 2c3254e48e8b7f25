import { posix } from 'node:path';
import { codeOf } from '../../base/coded-error.ts';
import { folderOf, nameIn } from '../../far/far-path.ts';
import { ClientError } from '../client-error.ts';
import type { Command, CommandCall } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { type Found, farNames, farPlaceFor, walk } from '../names.ts';
import { shownName } from '../output.ts';
import type { Word } from '../parse-line.ts';
import { unseenFile } from '../resume-guard.ts';

const family = 'Names on the site';

/** Commands that make, remove, rename and change entries on the site. */
export const namingCommands: readonly Command[] = [
  {
    name: 'mkdir',
    family,
    usage: 'FOLDER ...',
    help: 'Make folders',
    options: [
      { name: 'parents', letter: 'p', help: 'Make those they lie in as well; one that is there is no failure' },
    ],
    ...{ least: 1, completes: ['remote-folder'], needsLogin: true },
    run: makeFolders,
  },
  {
    name: 'rm',
    aliases: ['delete', 'del', 'mrm', 'mdelete'],
    family,
    usage: 'NAME ...',
    help: 'Remove files and folders, also by patterns; asks before a folder goes with all that is in it',
    options: [
      { name: 'recursive', letter: 'r', help: 'Do not ask for folders with content' },
      { name: 'force', letter: 'f', help: 'What is not there is no failure' },
    ],
    ...{ least: 1, completes: ['remote'], needsLogin: true },
    run: remove,
  },
  {
    name: 'rmdir',
    family,
    usage: 'FOLDER ...',
    help: 'Remove empty folders',
    ...{ least: 1, completes: ['remote-folder'], needsLogin: true },
    run: removeFolders,
  },
  {
    name: 'mv',
    aliases: ['rename', 'ren'],
    family,
    usage: 'NAME NEW',
    help: 'Rename a file or folder, or move it into a folder that is there',
    options: [{ name: 'force', letter: 'f', help: 'Write over what is there under the new name' }],
    ...{ least: 2, most: 2, completes: ['remote'], needsLogin: true },
    run: rename,
  },
  {
    name: 'chmod',
    family,
    usage: 'MODE NAME ...',
    help: 'Change the rights of entries, where the server can; MODE is three or four octal digits such as 644',
    ...{ least: 2, completes: ['none', 'remote'], needsLogin: true },
    run: changeMode,
  },
];

async function makeFolders(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  for (const { text } of words) {
    const path = context.session.far.absolute(text);
    if (options.has('parents')) await makeWithParents(path, context);
    else await context.session.once(context.signal, (far) => far.mkdir(path));
    context.session.forgetListings();
    context.output.show({ facts: { made: path }, lines: [`Made ${shownName(path)}`] });
  }
}

async function makeWithParents(path: string, context: CommandContext): Promise<void> {
  const { session, signal } = context;
  const there = await session.do(signal, (far) => far.entry(path));
  const isSeen = there !== undefined && there !== 'unseen';
  if (isSeen && there.kind === 'directory') return;
  if (isSeen) throw new ClientError('E_OTHER_FILE', `${shownName(path)} is there, and is not a folder`);
  await makeWithParents(folderOf(path), context);
  await session.once(signal, (far) => far.mkdir(path));
}

async function remove(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  for (const { text } of words) assertRemovable(text);
  for (const word of words) {
    const named = await namedBy(word, options.has('force'), context);
    for (const found of named) await removeOne(found, options.has('recursive'), context);
  }
}

/** @param mayBeMissing does a name, or a pattern, of which there is nothing stand for none? Not what cannot be looked into */
async function namedBy(word: Word, mayBeMissing: boolean, context: CommandContext): Promise<readonly Found[]> {
  try {
    return await farNames([word], context);
  } catch (error) {
    if (mayBeMissing && codeOf(error) === 'E_MISSING') return [];
    throw error;
  }
}

/** As rm of POSIX: what is meant is what is in it, or a slip. */
function assertRemovable(name: string): void {
  if (!['', '.', '..'].includes(posix.basename(name))) return;
  throw new ClientError('E_COMMAND', `rm: ${shownName(name)} is not removed: name the folder, or what is in it`);
}

async function removeOne(found: Found, asksNot: boolean, context: CommandContext): Promise<void> {
  const { session, signal, questions, output } = context;
  const { path, entry } = found;
  let count = 1;
  if (entry.kind !== 'directory') {
    await session.once(signal, (far) => far.remove(path));
  } else {
    const { entries } = await session.do(signal, (far) => far.list(path));
    const question = `Remove the folder ${shownName(path)} with all that is in it?`;
    if (entries.length > 0 && !asksNot && !(await questions.confirm(question))) {
      output.show({ facts: { path, removed: 0 }, lines: [`Kept ${shownName(path)}`] });
      return;
    }
    count = await removeAll(found, context);
  }
  session.forgetListings();
  const more = count > 1 ? ` (${count} entries)` : '';
  output.show({ facts: { path, removed: count }, lines: [`Removed ${shownName(path)}${more}`] });
}

/** What is below first: a folder has to be empty. @returns how many entries went */
async function removeAll(top: Found, context: CommandContext): Promise<number> {
  const { session, signal } = context;
  const all: Found[] = [];
  for await (const found of walk(top, context)) all.push(found);
  for (const { path, entry } of all.toReversed()) {
    await session.once(signal, (far) => (entry.kind === 'directory' ? far.rmdir(path) : far.remove(path)));
  }
  return all.length;
}

async function removeFolders(context: CommandContext, { words }: CommandCall): Promise<void> {
  for (const { text } of words) {
    const path = context.session.far.absolute(text);
    await context.session.once(context.signal, (far) => far.rmdir(path));
    context.session.forgetListings();
    context.output.show({ facts: { path, removed: 1 }, lines: [`Removed ${shownName(path)}`] });
  }
}

async function rename(context: CommandContext, { words, options }: CommandCall): Promise<void> {
  const { session, signal, output, settings } = context;
  const from = session.far.absolute(words[0]?.text ?? '');
  const to = await farPlaceFor(nameIn(from), words[1]?.text, context);
  if (!settings.values.force && !options.has('force')) await assertFree(to, context);
  await session.once(signal, (far) => far.rename(from, to));
  session.forgetListings();
  output.show({ facts: { from, to }, lines: [`${shownName(from)} -> ${shownName(to)}`] });
}

/** Most servers rename over what is there without a word. @throws ClientError E_OTHER_FILE, E_UNSURE */
async function assertFree(path: string, { session, signal }: CommandContext): Promise<void> {
  const there = await session.do(signal, (far) => far.entry(path));
  if (there === undefined) return;
  const name = shownName(path);
  if (there === 'unseen') throw unseenFile(name);
  const why = there.kind === 'directory' ? '' : '; --force writes over it';
  throw new ClientError('E_OTHER_FILE', `${name} is there already. Nothing was changed${why}`);
}

async function changeMode(context: CommandContext, { words }: CommandCall): Promise<void> {
  const [mode, ...names] = words;
  if (!mode || !/^[0-7]{3,4}$/.test(mode.text)) {
    throw new ClientError('E_COMMAND', 'chmod: the mode must be three or four octal digits, such as 644');
  }
  for (const { path } of await farNames(names, context)) {
    await context.session.once(context.signal, (far) => far.chmod(path, mode.text));
    context.output.show({ facts: { path, mode: mode.text }, lines: [`${mode.text} ${shownName(path)}`] });
  }
}
