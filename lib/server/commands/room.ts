import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import { resolvePath } from '../virtual-path.ts';

/** AVBL: how much may still be stored. */
export const roomCommand: Command = {
  verb: 'AVBL',
  argument: 'optional',
  isAbortable: true,
  help: 'AVBL [<folder>]',
  source: 'draft-peterson-streamlined-ftp-command-extensions-10',
  replies: [213, 550, 553],
  feature: 'AVBL',
  run: tellRoom,
};

/** What is left of the quota, or of the disk where that is less. */
async function tellRoom(context: CommandContext, argument: string): Promise<Answer> {
  const { folder } = loginOf(context);
  await folder.enter(resolvePath(context.state.cwd, argument));
  const left = (await folder.leftBytes()) ?? Number.POSITIVE_INFINITY;
  return { code: 213, text: String(Math.min(left, await folder.freeBytes())) };
}

/** SITE QUOTA: what the files of the user take, and may. */
export async function tellQuota(context: CommandContext): Promise<Answer> {
  const { usedBytes, quotaBytes, leftBytes } = await loginOf(context).folder.allowance();
  const quota = quotaBytes === undefined ? ['No quota'] : [`Quota: ${quotaBytes} bytes`, `Left: ${leftBytes} bytes`];
  return { code: 200, text: ['What your files take:', `Used: ${usedBytes} bytes`, ...quota, 'End'] };
}
