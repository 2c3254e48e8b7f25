import { join } from 'node:path';
import { isPattern } from '../../base/match-name.ts';
import { showDuration } from '../../base/show-duration.ts';
import { nameIn } from '../../far/far-path.ts';
import { isLocalName } from '../../files/local-name.ts';
import { bytes } from '../../sync/messages.ts';
import { TransferError } from '../../transfer/transfer-error.ts';
import { ClientError } from '../client-error.ts';
import type { Command, CommandCall, CommandOption } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { getFile } from '../get-file.ts';
import { localName } from '../local-folder.ts';
import { below, type Found, farNames, farPlaceFor, localNames } from '../names.ts';
import { shownName } from '../output.ts';
import type { Word } from '../parse-line.ts';
import { putFile } from '../put-file.ts';
import type { TransferOrder, Transferred } from '../transfer-order.ts';

const family = 'Transfers';

const options: readonly CommandOption[] = [
  {
    name: 'continue',
    letter: 'c',
    help: 'Go on with what is there in part also where the server tells no hash to compare it by',
  },
  { name: 'force', letter: 'f', help: 'Write over what is there with other content' },
];

const into = (help: string): CommandOption => ({ name: 'into', letter: 'd', placeholder: 'FOLDER', help });

/** Commands that move the content of files. */
export const transferCommands: readonly Command[] = [
  {
    name: 'put',
    family,
    usage: 'FILE [NAME]',
    help: 'Send a file; what is there of it from before is gone on with when it is how the file begins',
    ...{ options, least: 1, most: 2, completes: ['local', 'remote'], needsLogin: true },
    run: (context, call) => put(context, call, wishOf(context, call)),
  },
  {
    name: 'get',
    family,
    usage: 'FILE [NAME]',
    help: 'Fetch a file into the local folder, into another one, or under another name; it is called NAME.part until it is whole',
    ...{ options, least: 1, most: 2, completes: ['remote', 'local'], needsLogin: true },
    run: (context, call) => get(context, call, wishOf(context, call)),
  },
  {
    name: 'reput',
    family,
    usage: 'FILE [NAME]',
    help: 'The same as put -c',
    ...{ least: 1, most: 2, completes: ['local', 'remote'], needsLogin: true },
    run: (context, call) => put(context, call, { ...wishOf(context, call), trusts: true }),
  },
  {
    name: 'reget',
    family,
    usage: 'FILE [NAME]',
    help: 'The same as get -c',
    ...{ least: 1, most: 2, completes: ['remote', 'local'], needsLogin: true },
    run: (context, call) => get(context, call, { ...wishOf(context, call), trusts: true }),
  },
  {
    name: 'mput',
    family,
    usage: 'FILE ...',
    help: 'Send files, also by patterns such as *.txt',
    options: [...options, into('Send them into this folder on the site')],
    ...{ least: 1, completes: ['local'], needsLogin: true },
    run: putMany,
  },
  {
    name: 'mget',
    family,
    usage: 'FILE ...',
    help: 'Fetch files, also by patterns such as *.txt',
    options: [...options, into('Fetch them into this local folder')],
    ...{ least: 1, completes: ['remote'], needsLogin: true },
    run: getMany,
  },
  {
    name: 'cat',
    family,
    usage: 'FILE ...',
    help: 'Show the content of files, also by patterns; behind a pipe, as in cat f | head, it goes to a command of the local shell',
    ...{ least: 1, completes: ['remote'], needsLogin: true },
    run: showContent,
  },
];

type Wish = Pick<TransferOrder, 'force' | 'trusts'>;

function wishOf({ settings }: CommandContext, { options: given }: CommandCall): Wish {
  const { force, verify } = settings.values;
  return { force: force || given.has('force'), trusts: !verify || given.has('continue') };
}

async function put(context: CommandContext, { words }: CommandCall, wish: Wish): Promise<void> {
  const local = context.local.resolve(words[0]?.text ?? '');
  await putOne({ local, far: await farPlaceFor(localName(local), words[1]?.text, context), ...wish }, context);
}

async function get(context: CommandContext, { words }: CommandCall, wish: Wish): Promise<void> {
  const far = context.session.far.absolute(words[0]?.text ?? '');
  await getOne({ far, local: context.local.placeFor(nameIn(far), words[1]?.text), ...wish }, context);
}

async function putMany(context: CommandContext, call: CommandCall): Promise<void> {
  const folder = context.session.far.absolute(call.options.get('into') ?? '.');
  const wish = wishOf(context, call);
  await each(localNames(call.words, context), context, (local) =>
    putOne({ local, far: below(folder, localName(local)), ...wish }, context),
  );
}

async function getMany(context: CommandContext, call: CommandCall): Promise<void> {
  const folder = context.local.resolve(call.options.get('into') ?? '.');
  const wish = wishOf(context, call);
  const wanted: Found[] = [];
  for (const word of call.words) wanted.push(...(await filesFor(word, context)));
  const files = wanted.filter(({ entry }) => isLocalName(entry.name));
  await each(files, context, ({ path, entry }) =>
    getOne({ far: path, local: join(folder, entry.name), ...wish }, context),
  );
  const missed = wanted.length - files.length;
  if (missed > 0)
    throw new ClientError('E_NOT_ALL', `Names that no file can have here, so it was not fetched: ${missed}`);
}

/**
 * What a name stands for. A folder that a pattern fits was not asked for by name; a link may lead to one, or to what the server
 * does not show.
 */
async function filesFor(word: Word, context: CommandContext): Promise<readonly Found[]> {
  const found = await farNames([word], context);
  if (!isPattern(word.pattern)) return found;
  for (const { path, entry } of found) {
    if (entry.kind === 'link')
      context.output.note(`${shownName(path)} is a link, and left out: get fetches it by its name`);
  }
  const files = found.filter(({ entry }) => entry.kind === 'file');
  if (files.length > 0) return files;
  throw new TransferError('E_MISSING', `No file fits ${shownName(word.text)}; mirror fetches folders`);
}

/** All of them, also behind one that fails; the first failure is told last. */
async function each<Item>(
  items: readonly Item[],
  { output, signal }: CommandContext,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (signal.aborted) throw error;
      if (failures.push(error) > 1) output.fail(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function putOne(order: TransferOrder, context: CommandContext): Promise<void> {
  tell(context, order.local, order.far, await putFile(order, context));
}

async function getOne(order: TransferOrder, context: CommandContext): Promise<void> {
  tell(context, order.far, order.local, await getFile(order, context));
}

function tell({ output }: CommandContext, from: string, to: string, done: Transferred): void {
  output.show({ facts: { from, to, ...done, moved: done.size - done.resumedAt }, lines: [lineOf(from, to, done)] });
}

/** `a -> /a: 5.0 MiB in 0:03, 1.7 MiB/s, verified`. */
function lineOf(from: string, to: string, { state, size, resumedAt, tookMs, verified }: Transferred): string {
  const names = `${shownName(from)} -> ${shownName(to)}`;
  const check = verified ? ', verified' : '';
  if (state === 'complete') return `${names}: already complete, nothing moved (${bytes(size)}${check})`;
  const moved = size - resumedAt;
  const rate = bytes(Math.round(moved / Math.max(0.001, tookMs / 1000)));
  const part = resumedAt === 0 ? '' : ` from byte ${resumedAt} on (${bytes(size)} in all)`;
  return `${names}: ${bytes(moved)}${part} in ${showDuration(tookMs)}, ${rate}/s${check}`;
}

async function showContent(context: CommandContext, { words }: CommandCall): Promise<void> {
  const { session, signal, output } = context;
  const paths: string[] = [];
  for (const word of words) {
    // What is named is fetched without a question before.
    if (isPattern(word.pattern)) for (const { path } of await filesFor(word, context)) paths.push(path);
    else paths.push(session.far.absolute(word.text));
  }
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  const sink = {
    write: async (pieces: readonly Buffer[]) => {
      if (!(await output.content(pieces))) enough.abort();
    },
  };
  for (const path of paths) {
    try {
      // Once: what was shown cannot be taken back.
      await session.once(either, (far) => far.get(path, sink, 0, { signal: either }));
    } catch (error) {
      if (signal.aborted || !enough.signal.aborted) throw error;
      return;
    }
  }
}
