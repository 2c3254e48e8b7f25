import { type HelpFrame, helpText } from '../base/help-text.ts';
import { clientOptions } from './client-options.ts';

const frame: HelpFrame = {
  usage: 'node bin/ftp-client.js [address] [-c "COMMANDS"] [-f FILE] [--options]',
  summary:
    'An interactive FTP client. Without --command and --script commands are typed, or come from a pipe; help shows them.',
  positionals: [
    {
      name: 'address',
      help: 'ftp://user@host:port/folder, ftpes:// (explicit TLS), ftps:// (implicit TLS), a host, or a bookmark',
    },
  ],
  closing: [
    'The password is best left out of the address, where every user of the machine can read it. It is taken from --password-file, --password-command, the variable FTP_PASSWORD, ~/.netrc, or asked for. The first three are for the address of the command line only: what is opened later has its password in ~/.netrc, or it is asked for.',
    'Each option may also stand in a config file, or in the environment as MINIFTP_CLIENT_ and its name: MINIFTP_CLIENT_TIMEOUT for --timeout.',
  ],
};

/**
 * The text of `miniftp --help`.
 *
 * @param columns width of the terminal in characters
 */
export function clientHelp(columns: number): string {
  return helpText(clientOptions, frame, columns);
}
