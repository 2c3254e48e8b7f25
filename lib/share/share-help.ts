import { type HelpFrame, helpText, type PositionalHelp } from '../base/help-text.ts';
import { shareOptions } from './share-options.ts';

/** What share can be told to do; the first one without a word. */
export const shareCommands = ['run', 'status', 'conflicts', 'trash', 'trust'] as const;
export type ShareCommand = (typeof shareCommands)[number];

/** The commands of the command line, in the order of {@link shareCommands}. */
const shareCommandHelp: readonly PositionalHelp[] = [
  { name: 'run', help: 'Keep the folder equal until SIGINT or SIGTERM; it need not be said' },
  {
    name: 'status',
    help: 'Tell for each machine what is missing there and here, and of how many copies each file has',
  },
  {
    name: 'conflicts',
    help: 'List the files that two machines changed at the same time, and the copies that were made; conflicts keep NAME lets one of them stay',
  },
  { name: 'trash', help: 'List what other machines deleted or replaced; trash restore NAME brings one back' },
  {
    name: 'trust',
    help: 'trust ADDRESS forgets the certificate of a machine, so that its new one is taken at the next contact',
  },
];

const frame: HelpFrame = {
  usage: 'node bin/share.js [run|status|conflicts|trash|trust] --ip A[,B...] [--options]',
  summary: 'LEFT: keeps a folder equal on two or more machines, without a server.',
  positionals: shareCommandHelp,
  closing: [
    'Each option may also stand in the environment as LEFT_ and its name: LEFT_PORT for --port. The command line goes before the environment.',
  ],
};

/**
 * The text of `share --help`.
 *
 * @param columns width of the terminal in characters
 */
export function shareHelp(columns: number): string {
  return helpText(shareOptions, frame, columns);
}
