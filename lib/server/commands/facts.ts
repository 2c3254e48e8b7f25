import { formatTime, isTellableTime, parseTime } from '../../ftp/time.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import type { Entry } from '../entry.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';

/** Commands that tell a fact of a file, or set it (RFC 3659, the MFxx draft). */
export const factCommands: readonly Command[] = [
  {
    verb: 'SIZE',
    argument: 'required',
    permission: 'read',
    help: 'SIZE <file>',
    source: 'RFC 3659 section 4',
    replies: [213, 550, 553],
    feature: 'SIZE',
    run: size,
  },
  {
    verb: 'MDTM',
    argument: 'required',
    permission: 'read',
    help: 'MDTM [<YYYYMMDDHHMMSS[.sss]>] <file>',
    source: 'RFC 3659 section 3',
    replies: [213, 501, 550, 553],
    feature: 'MDTM',
    run: modified,
  },
  {
    verb: 'MFMT',
    argument: 'required',
    permission: 'write',
    help: 'MFMT <YYYYMMDDHHMMSS[.sss]> <path>',
    source: 'draft-somers-ftp-mfxx-04',
    replies: [213, 501, 550, 553],
    feature: 'MFMT',
    run: setModified,
  },
];

async function size(context: CommandContext, argument: string): Promise<Answer> {
  // How many bytes a text has on the network, only sending it would tell (RFC 3659 section 4).
  if (context.state.type === 'A') throw new ServerError('E_NOT_FILE', 'SIZE needs TYPE I');
  return { code: 213, text: String((await fileAt(context, argument)).size) };
}

/**
 * Tell the time of a file; or set it, which the standard does not know, but lftp and others ask for where there is no
 * MFMT: a time before the name. A file whose name looks like that is meant itself.
 */
async function modified(context: CommandContext, argument: string): Promise<Answer> {
  const { mtimeMs } = await fileAt(context, argument).catch((error) => {
    const wanted = splitTime(argument);
    if (wanted === undefined) throw error;
    return setTimeOf(context, wanted);
  });
  if (!isTellableTime(mtimeMs)) throw new ServerError('E_NOT_FILE', 'The time of this file cannot be told');
  return { code: 213, text: formatTime(mtimeMs) };
}

async function fileAt(context: CommandContext, argument: string): Promise<Entry> {
  const entry = await loginOf(context).folder.entry(resolvePath(context.state.cwd, argument));
  if (entry.kind !== 'file') throw new ServerError('E_NOT_FILE', 'Not a regular file');
  return entry;
}

async function setModified(context: CommandContext, argument: string): Promise<Answer> {
  const wanted = splitTime(argument);
  if (wanted === undefined) throw new ServerError('E_ARGUMENT', 'MFMT takes a time and a path');
  const { mtimeMs } = await setTimeOf(context, wanted);
  return { code: 213, text: `Modify=${formatTime(mtimeMs)}; ${wanted.name}` };
}

interface TimedName {
  readonly mtimeMs: number;
  readonly name: string;
}

function splitTime(argument: string): TimedName | undefined {
  const blank = argument.indexOf(' ');
  const name = argument.slice(blank + 1);
  const mtimeMs = blank < 0 ? undefined : parseTime(argument.slice(0, blank));
  return mtimeMs === undefined || name === '' ? undefined : { mtimeMs, name };
}

async function setTimeOf(context: CommandContext, wanted: TimedName): Promise<TimedName> {
  const { folder, permissions } = loginOf(context);
  if (!permissions.includes('write')) throw new ServerError('E_PERMISSION', 'Permission denied');
  await folder.setTime(resolvePath(context.state.cwd, wanted.name), wanted.mtimeMs);
  return wanted;
}
