import type { OptionTable } from './option-table.ts';

const general = 'General';

/** The options that every program has. */
export const generalOptions = {
  help: {
    type: 'flag',
    alias: 'h',
    commandLineOnly: true,
    group: general,
    default: false,
    help: 'Show this text and end',
  },
  version: {
    type: 'flag',
    alias: 'V',
    commandLineOnly: true,
    group: general,
    default: false,
    help: 'Show the version and end',
  },
} as const satisfies OptionTable;
