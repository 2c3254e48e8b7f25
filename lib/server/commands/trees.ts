import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';
import { removeTree, sizeOfTree } from '../whole-tree.ts';

const source = 'draft-peterson-streamlined-ftp-command-extensions-10';

/** Commands for a folder with all that is below it. */
export const treeCommands: readonly Command[] = [
  {
    verb: 'DSIZ',
    argument: 'optional',
    permission: 'read',
    isAbortable: true,
    help: 'DSIZ [<folder>]',
    source,
    replies: [213, 550, 553],
    feature: 'DSIZ',
    run: treeSize,
  },
  {
    verb: 'RMDA',
    argument: 'required',
    permission: 'write',
    isAbortable: true,
    help: 'RMDA <folder>',
    source,
    replies: [250, 450, 550, 553],
    feature: 'RMDA',
    run: removeAll,
  },
];

async function treeSize(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  return { code: 213, text: String(await sizeOfTree(loginOf(context).folder, path, context.signal)) };
}

/** Remove a folder with all that is below it: what an interactive client would need many commands for. */
export async function removeAll(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  const { folder } = loginOf(context);
  // Before anything is touched: the root stays, and so does all that is in it; a link leads to what is not meant.
  if (path === '/') throw new ServerError('E_PERMISSION', 'The root folder stays as it is');
  if ((await folder.entry(path)).kind !== 'directory') throw new ServerError('E_NOT_FOLDER', 'Not a folder');
  await removeTree(folder, path, context.signal);
  return { code: 250, text: 'Folder removed, with all that was in it' };
}
