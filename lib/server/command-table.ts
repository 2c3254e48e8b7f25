import type { Command } from './command.ts';
import { accessCommands } from './commands/access.ts';
import { factCommands } from './commands/facts.ts';
import { hashingCommands } from './commands/hashing.ts';
import { informationCommands } from './commands/information.ts';
import { listingCommands } from './commands/listing.ts';
import { factsCommand } from './commands/mode-facts.ts';
import { namingCommands } from './commands/naming.ts';
import { roomCommand } from './commands/room.ts';
import { securityCommands } from './commands/security.ts';
import { siteCommand } from './commands/site.ts';
import { statusCommand } from './commands/status.ts';
import { transferParameterCommands } from './commands/transfer-parameters.ts';
import { transferCommands } from './commands/transfers.ts';
import { treeCommands } from './commands/trees.ts';

/** All commands of the server by verb, in the order HELP tells them. HELP and FEAT follow from this table. */
export const commandTable: ReadonlyMap<string, Command> = new Map(
  [
    ...accessCommands,
    ...securityCommands,
    ...transferParameterCommands,
    ...namingCommands,
    ...listingCommands,
    ...transferCommands,
    ...factCommands,
    factsCommand,
    ...treeCommands,
    roomCommand,
    ...hashingCommands,
    ...informationCommands,
    statusCommand,
    siteCommand,
  ].map((command) => [command.verb, command]),
);

/** Commands of the standards that this server does not have: answered 502, not 500 (RFC 959 section 4.2.2). */
export const notOffered: ReadonlySet<string> = new Set('SMNT MIC CONF ENC ADAT MFCT LPRT LPSV'.split(' '));
