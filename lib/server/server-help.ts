import { type HelpFrame, helpText, type PositionalHelp } from '../base/help-text.ts';
import { serverOptions } from './server-options.ts';

/** What the server can be told to do; the first one without a word. */
export const serverCommands = ['start', 'init', 'check'] as const;
export type ServerCommand = (typeof serverCommands)[number];

/** The commands of the server's command line, in the order of {@link serverCommands}. */
export const serverCommandHelp: readonly PositionalHelp[] = [
  { name: 'start', help: 'Serve until SIGTERM or SIGINT; it need not be said' },
  { name: 'init', help: 'Make a data folder; other options that are given are written to its conf.json' },
  { name: 'check', help: 'Tell whether a server could be started with these settings and accounts, and start none' },
];

const frame: HelpFrame = {
  usage: 'node bin/ftp-server.js [start|init|check] --data DIR [--options]',
  summary: 'MiniFTP: an FTP server of which everything lies in one folder.',
  positionals: serverCommandHelp,
  closing: [
    'Each option may also stand in conf.json in the data folder, by its name without dashes, or in the environment as MINIFTPD_ and its name: MINIFTPD_PORT for --port. The command line goes before the environment, and that before conf.json.',
    'SIGHUP has conf.json read again without ending a session.',
  ],
};

/**
 * The text of `ftp-server --help`.
 *
 * @param columns width of the terminal in characters
 */
export function serverHelp(columns: number): string {
  return helpText(serverOptions, frame, columns);
}
