import { formatLong } from '../../ftp/listing-lines.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import type { Entry } from '../entry.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';
import { withoutOptions } from './listing.ts';

/** STAT: how the session stands, or what is in a folder, without a data connection (RFC 959 section 4.1.3). */
export const statusCommand: Command = {
  verb: 'STAT',
  argument: 'optional',
  isOpen: true,
  help: 'STAT [<path>]',
  source: 'RFC 959 section 4.1.3',
  replies: [211, 213, 530, 550, 553],
  run: (context, argument) => (argument === '' ? tellStatus(context) : listBriefly(context, argument)),
};

// The whole of it has to be in memory before the first line may go; LIST has no such end.
const MOST_ENTRIES = 10_000;

/** How the session stands. A transfer that is under way may be asked for with this too. */
export function tellStatus({ state, info, data }: CommandContext): Answer {
  const moved = data.movedBytes;
  const lines = [
    'FilesMirror FTP server:',
    `Connected from ${info.remoteAddress}`,
    state.login === undefined ? 'Nobody is logged in' : `Logged in as ${state.login.name}`,
    `Type ${state.type}, structure F, mode S`,
    `Current folder ${state.cwd}`,
    moved === undefined ? 'No transfer' : `A transfer is under way: ${moved} bytes so far`,
    'End',
  ];
  return { code: 211, text: lines };
}

async function listBriefly(context: CommandContext, argument: string): Promise<Answer> {
  const { folder, permissions } = loginOf(context);
  if (!permissions.includes('read')) throw new ServerError('E_PERMISSION', 'Permission denied');
  const path = resolvePath(context.state.cwd, withoutOptions(argument));
  const now = context.clock.now();
  const entry = await folder.entry(path);
  const entries = entry.kind === 'file' ? [entry] : await entriesIn(context, path);
  return { code: 213, text: ['What is there:', ...entries.map((one) => formatLong({ ...one, perm: '' }, now)), 'End'] };
}

async function entriesIn(context: CommandContext, path: string): Promise<readonly Entry[]> {
  const { folder } = loginOf(context);
  await folder.enter(path);
  const entries: Entry[] = [];
  for await (const batch of folder.entries(path)) {
    entries.push(...batch);
    // Not a part of it: nobody could see that something is missing.
    if (entries.length > MOST_ENTRIES) throw new ServerError('E_NOT_FOLDER', 'Too many entries for STAT, use LIST');
  }
  return entries;
}
