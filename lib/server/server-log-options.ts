import { logOptions } from '../base/log-options.ts';
import type { OptionTable } from '../base/option-table.ts';

const told = 'What is told';

/** The part of the server's options that says what is logged, and where. */
export const serverLogOptions = {
  verbose: {
    type: 'flag',
    alias: 'v',
    group: told,
    default: false,
    help: 'Show the lines of the log on standard output, too',
  },
  ...logOptions,
  'log-level': {
    ...logOptions['log-level'],
    help: `${logOptions['log-level'].help}; with debug every command and every answer`,
  },
  'log-utc': {
    type: 'flag',
    group: told,
    default: false,
    help: 'Tell days and times of the log in UTC instead of local time',
  },
  xferlog: {
    type: 'flag',
    group: told,
    default: false,
    help: 'Write a line for each transfer to log/xferlog, in the form of wu-ftpd that programs for statistics read',
  },
} as const satisfies OptionTable;
