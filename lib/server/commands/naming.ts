import type { Answer, Command, CommandContext } from '../command.ts';
import { loginOf } from '../command.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';

/** Service commands that name, make and remove (RFC 959 section 4.1.3; the X forms are of RFC 775). */
export const namingCommands: readonly Command[] = [
  { verb: 'PWD', argument: 'none', help: 'PWD', source: 'RFC 959 section 4.1.3', replies: [257], run: printFolder },
  { verb: 'XPWD', argument: 'none', help: 'XPWD', source: 'RFC 775', replies: [257], run: printFolder },
  {
    verb: 'MKD',
    argument: 'required',
    permission: 'write',
    help: 'MKD <folder>',
    source: 'RFC 959 section 4.1.3',
    replies: [257, 452, 550, 553],
    run: makeFolder,
  },
  {
    verb: 'XMKD',
    argument: 'required',
    permission: 'write',
    help: 'XMKD <folder>',
    source: 'RFC 775',
    replies: [257, 452, 550, 553],
    run: makeFolder,
  },
  {
    verb: 'RMD',
    argument: 'required',
    permission: 'write',
    help: 'RMD <folder>',
    source: 'RFC 959 section 4.1.3',
    replies: [250, 550, 553],
    run: removeFolder,
  },
  {
    verb: 'XRMD',
    argument: 'required',
    permission: 'write',
    help: 'XRMD <folder>',
    source: 'RFC 775',
    replies: [250, 550, 553],
    run: removeFolder,
  },
  {
    verb: 'DELE',
    argument: 'required',
    permission: 'write',
    help: 'DELE <file>',
    source: 'RFC 959 section 4.1.3',
    replies: [250, 450, 550, 553],
    run: removeFile,
  },
  {
    verb: 'RNFR',
    argument: 'required',
    permission: 'write',
    help: 'RNFR <old name>',
    source: 'RFC 959 section 4.1.3',
    replies: [350, 550, 553],
    run: renameFrom,
  },
  {
    verb: 'RNTO',
    argument: 'required',
    permission: 'write',
    help: 'RNTO <new name>',
    source: 'RFC 959 section 4.1.3',
    replies: [250, 450, 452, 503, 550, 553],
    run: renameTo,
  },
];

function printFolder({ state }: CommandContext): Answer {
  return { code: 257, text: `${quoted(state.cwd)} is the current folder` };
}

async function makeFolder(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  await loginOf(context).folder.makeFolder(path);
  return { code: 257, text: `${quoted(path)} made` };
}

async function removeFolder(context: CommandContext, argument: string): Promise<Answer> {
  await loginOf(context).folder.removeFolder(resolvePath(context.state.cwd, argument));
  return { code: 250, text: 'Folder removed' };
}

async function removeFile(context: CommandContext, argument: string): Promise<Answer> {
  await loginOf(context).folder.removeFile(resolvePath(context.state.cwd, argument));
  return { code: 250, text: 'File removed' };
}

async function renameFrom(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  await loginOf(context).folder.entry(path);
  context.state.renameFrom = path;
  return { code: 350, text: 'Send RNTO with the new name' };
}

async function renameTo(context: CommandContext, argument: string): Promise<Answer> {
  const { renameFrom: from, cwd } = context.state;
  if (from === undefined) throw new ServerError('E_SEQUENCE', 'Send RNFR first');
  context.state.renameFrom = undefined;
  await loginOf(context).folder.rename(from, resolvePath(cwd, argument));
  return { code: 250, text: 'Renamed' };
}

/** As 257 wants it: quotes within are doubled (RFC 959 appendix II). */
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
