import { logFormats, logLevels } from './log-words.ts';
import type { OptionTable } from './option-table.ts';

const told = 'What is told';

/** The options that every program with a log has; where one differs in a program, that says in what. */
export const logOptions = {
  'log-level': {
    type: 'choice',
    choices: logLevels,
    group: told,
    default: 'info',
    help: 'The least important messages that are still logged',
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
} as const satisfies OptionTable;
