import { DURATION_RULE, parseDuration } from '../base/duration.ts';
import { generalOptions } from '../base/general-options.ts';
import type { OptionTable } from '../base/option-table.ts';
import { parseTimetable, TIMETABLE_RULE } from '../base/timetable.ts';
import { tlsOptions } from '../far/tls-options.ts';

/** What the variables that stand for options begin with. `MINIFTP_` alone would also take in those of the administrator. */
export const ENVIRONMENT_PREFIX = 'MINIFTP_CLIENT_';

const work = 'What is done';
const transfers = 'Transfers';
const login = 'Login';
const connection = 'Connection';
const appearance = 'Appearance';
const general = 'General';

/** Every option of the client: reading, checks, help, `set` and the reference page come from it. */
export const clientOptions = {
  command: {
    type: 'texts',
    alias: 'c',
    group: work,
    placeholder: 'COMMANDS',
    help: 'Do these commands and end, for example "put a; ls"',
    commandLineOnly: true,
  },
  script: {
    type: 'text',
    alias: 'f',
    group: work,
    placeholder: 'FILE',
    help: 'Do the commands in the file and end; behind those of --command',
    commandLineOnly: true,
  },
  'keep-going': {
    type: 'flag',
    alias: 'k',
    group: work,
    default: false,
    help: 'Go on behind a command that failed; without it --command, --script and commands from a pipe end there',
  },
  yes: {
    type: 'flag',
    alias: 'y',
    group: work,
    default: false,
    help: 'Take yes for the answer to every question, such as whether a folder is to be removed with all that is in it',
  },
  verify: {
    type: 'flag',
    group: transfers,
    default: true,
    defaultText: 'on',
    help: 'Compare hashes before a transfer is gone on with and after each one, where the server can tell them; without it sizes have to do',
  },
  force: {
    type: 'flag',
    group: transfers,
    default: false,
    help: 'Write over what has the same name and other content',
  },
  bwlimit: {
    type: 'parsed',
    group: transfers,
    placeholder: 'RATE',
    parse: parseTimetable,
    rule: TIMETABLE_RULE,
    defaultText: 'off',
    help: 'Move no more bytes a second over one connection: 512k, 2M, off, or by time of day as in "08:00,512k 19:00,off"',
  },
  'password-file': {
    type: 'text',
    group: login,
    placeholder: 'FILE',
    help: 'Read the password for the address of the command line from the first line of the file',
    commandLineOnly: true,
  },
  'password-command': {
    type: 'text',
    group: login,
    placeholder: 'COMMAND',
    help: 'Take the password for the address of the command line from the first line that the command writes',
    secret: true,
    commandLineOnly: true,
  },
  timeout: {
    type: 'integer',
    group: connection,
    range: [1, 3600],
    default: 30,
    unit: 'seconds',
    help: 'The longest wait for an answer, or for a transfer to move on',
  },
  retries: {
    type: 'integer',
    group: connection,
    range: [0, 100],
    default: 3,
    help: 'How often what failed for a reason that may pass is tried again, on a new connection where the old one broke',
  },
  'list-cache': {
    type: 'parsed',
    group: connection,
    placeholder: 'TIME',
    parse: parseDuration,
    rule: DURATION_RULE,
    default: 30_000,
    defaultText: '30s',
    help: 'How long a listing serves the completion of names',
  },
  ...tlsOptions,
  json: {
    type: 'flag',
    group: appearance,
    default: false,
    help: 'Write one JSON object a line instead of text',
  },
  progress: {
    type: 'flag',
    group: appearance,
    defaultText: 'on a terminal',
    help: 'Show how far a transfer is',
  },
  history: {
    type: 'flag',
    group: general,
    default: true,
    defaultText: 'on',
    help: 'Remember what was typed for the next time; lines with a password are never remembered',
  },
  'state-dir': {
    type: 'text',
    group: general,
    placeholder: 'DIR',
    defaultText: 'client in $XDG_STATE_HOME/filesmirror, or the like of it on other systems',
    help: 'Where bookmarks and the history are kept',
    commandLineOnly: true,
  },
  config: {
    type: 'text',
    group: general,
    placeholder: 'FILE',
    help: 'Read further options from a JSON file; the command line and the environment go before it',
    commandLineOnly: true,
  },
  ...generalOptions,
} as const satisfies OptionTable;
