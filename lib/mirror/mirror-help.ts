import { type HelpFrame, helpText, type PositionalHelp } from '../base/help-text.ts';
import { mirrorOptions } from './mirror-options.ts';

/** The positional parameters of the mirror, in their order. */
export const mirrorPositionals: readonly PositionalHelp[] = [
  {
    name: 'ftp_website',
    help: 'host,user,password,directory[,port], or a URL: ftp://user@host:port/dir, ftpes:// (explicit TLS), ftps:// (implicit TLS)',
  },
  { name: 'local_directory', help: 'The folder that is mirrored' },
  { name: 'max_depth', help: 'Mirror so many levels, at least 1: an entry directly in the folder has depth 1' },
  {
    name: 'refresh_frequency',
    help: 'Seconds between the end of one cycle and the start of the next, at least 1',
  },
  { name: 'max_processes', help: 'Number of child processes, from 1 to 64 (default: see --multi)' },
  { name: 'excluded_extension', help: 'Leave out files with this extension, .txt for example; may be repeated' },
];

const frame: HelpFrame = {
  usage:
    'node bin/mirror.js <ftp_website> <local_directory> <max_depth> <refresh_frequency> [max_processes] [excluded_extension ...] [--options]',
  summary: 'Keeps a folder on an FTP server equal to a local one, cycle after cycle.',
  positionals: mirrorPositionals,
  closing: [
    'The password is best left empty in ftp_website, where every user of the machine can read it. It is taken from --password-file, --password-command, the variable FTP_PASSWORD, ~/.netrc, or asked for.',
    'Each option may also stand in a config file, or in the environment as FILESMIRROR_ and its name: FILESMIRROR_MAX_DELETE for --max-delete. The command line goes before the environment, and that before the config file.',
  ],
};

/**
 * The text of `mirror --help`.
 *
 * @param columns width of the terminal in characters
 */
export function mirrorHelp(columns: number): string {
  return helpText(mirrorOptions, frame, columns);
}
