import { logFormats, logLevels } from '../base/logger.ts';
import type { OptionTable } from '../base/option-table.ts';

const told = 'What is told';

/** The part of the server's options that says what is logged, and where. */
export const logOptions = {
  verbose: {
    type: 'flag',
    alias: 'v',
    group: told,
    default: false,
    help: 'Show the lines of the log on standard output, too',
  },
  'log-level': {
    type: 'choice',
    choices: logLevels,
    group: told,
    default: 'info',
    help: 'The least important messages that are still logged; with debug every command and every answer',
  },
  'log-format': {
    type: 'choice',
    choices: logFormats,
    group: told,
    default: 'text',
    help: 'Lines for people, or one JSON object a line for machines',
  },
  'log-keep': {
    type: 'integer',
    range: [1, 36_500],
    unit: 'days',
    group: told,
    placeholder: 'N',
    default: 30,
    help: 'Keep the log files of so many days',
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
