import { type HelpFrame, helpText } from '../base/help-text.ts';
import type { OptionTable } from '../base/option-table.ts';
import { type AdminOptionName, adminOptions, DATA_VARIABLE, PASSWORD_VARIABLE } from './admin-options.ts';
import type { AdminCommand } from './command.ts';
import { commandTable } from './command-table.ts';

const LOGIN = `The administrator's password is taken from --admin-password-file, else from the variable ${PASSWORD_VARIABLE}, else asked for on a terminal. Nothing works without it. The data folder may stand in ${DATA_VARIABLE}.`;

/** How a command is typed: `user quota NAME QUOTA`. */
export function usageOf({ words, positionals }: AdminCommand): string {
  return [words, ...positionals.map(({ name }) => name)].join(' ');
}

/**
 * The text of `ftp-admin --help`: all commands and options, or those of one command.
 *
 * @param columns width of the terminal in characters
 */
export function adminHelp(columns: number, command?: AdminCommand): string {
  return command ? helpText(optionsOf(command), frameOf(command), columns) : helpText(adminOptions, frame, columns);
}

const frame: HelpFrame = {
  usage: 'node bin/ftp-admin.js --data DIR [--admin NAME] [command] [--options]',
  summary: 'Administers a MiniFTP server, whether it runs or not. Without a command it shows a menu.',
  positionals: commandTable.map((command) => ({ name: usageOf(command), help: command.help })),
  closing: [LOGIN],
};

function frameOf(command: AdminCommand): HelpFrame {
  return {
    usage: `node bin/ftp-admin.js --data DIR ${usageOf(command)} [--options]`,
    summary: command.help,
    positionals: command.positionals,
    closing: [LOGIN],
  };
}

const EVERYWHERE: readonly AdminOptionName[] = ['data', 'admin', 'admin-password-file', 'json'];

function optionsOf({ options }: AdminCommand): OptionTable {
  const names = [...options, ...EVERYWHERE];
  return Object.fromEntries(names.map((name) => [name, adminOptions[name]]));
}
