import type { Command } from './command.ts';
import { helpCommands } from './commands/help.ts';
import { jobCommands } from './commands/jobs.ts';
import { localCommands } from './commands/local.ts';
import { lookingCommands } from './commands/looking.ts';
import { mirrorCommands } from './commands/mirror.ts';
import { namingCommands } from './commands/naming.ts';
import { sessionCommands } from './commands/session.ts';
import { transferCommands } from './commands/transfers.ts';

/** Every command of the client. Help, completion and the reference page follow from it. */
export const commandTable: readonly Command[] = [
  ...transferCommands,
  ...namingCommands,
  ...lookingCommands,
  ...localCommands,
  ...sessionCommands,
  ...jobCommands,
  ...mirrorCommands,
  ...helpCommands(() => commandTable),
];
