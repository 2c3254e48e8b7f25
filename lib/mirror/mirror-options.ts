import { BYTE_SIZE_RULE, parseByteSize } from '../base/byte-size.ts';
import { DURATION_RULE, parseDuration } from '../base/duration.ts';
import { generalOptions } from '../base/general-options.ts';
import { logOptions } from '../base/log-options.ts';
import type { OptionTable, ValuesOf } from '../base/option-table.ts';
import { parseTimetable, TIMETABLE_RULE } from '../base/timetable.ts';
import { tlsOptions } from '../far/tls-options.ts';
import { DEFAULT_DELETE_LIMIT } from '../sync/guards.ts';
import { DELETE_LIMIT_RULE, parseDeleteLimit } from './delete-limit.ts';
import { CONNECTION_RANGE, MULTI_RULE, parseMulti } from './multi.ts';
import { parseTrash, TRASH_RULE } from './trash-place.ts';

/** What the environment variables of the options begin with. */
export const ENVIRONMENT_PREFIX = 'FILESMIRROR_';

const DAY_MS = 86_400_000;

const what = 'What is mirrored';
const how = 'How it is mirrored';
const guards = 'Guards against losing files';
const login = 'Login';
const told = 'What is told';
const general = 'General';

/** The options of the mirror; types, checks, `--help` and docs/reference/options.md follow from them. */
export const mirrorOptions = {
  exclude: {
    type: 'texts',
    group: what,
    placeholder: 'PATTERN',
    help: 'Leave out what matches the pattern; a far entry that it hides is left alone, not removed',
  },
  include: {
    type: 'texts',
    group: what,
    placeholder: 'PATTERN',
    help: 'Mirror what matches the pattern although an exclusion matches it, too',
  },
  'ignore-file': {
    type: 'parsed',
    parse: parseFileName,
    rule: 'must be the name of a file, without a slash',
    group: what,
    placeholder: 'NAME',
    default: '.mirrorignore',
    help: 'File in the local folder with one pattern to leave out a line, used where it exists and not mirrored itself',
  },
  links: {
    type: 'choice',
    choices: ['skip', 'follow'],
    group: what,
    default: 'skip',
    help: 'Leave symbolic links out, or mirror what they point to',
  },
  multi: {
    type: 'parsed',
    parse: parseMulti,
    rule: MULTI_RULE,
    group: how,
    placeholder: 'T4|P6|A8|1',
    defaultText: 'P: one child process, and more as long as they are short of CPU, at most as many as cores and 4',
    help: 'Worker threads, child processes, asynchronous connections of this process, or a single connection; max_processes 4 is the same as P4',
  },
  connections: {
    type: 'integer',
    range: CONNECTION_RANGE,
    group: how,
    placeholder: 'N',
    defaultText: 'as many as --multi names; without either two at first, and up to 8 while more of them get more done',
    help: 'Connections in all, spread evenly over the child processes or threads of --multi',
  },
  once: { type: 'flag', group: how, default: false, help: 'End after the first cycle' },
  'dry-run': {
    type: 'flag',
    alias: 'n',
    group: how,
    default: false,
    help: 'Tell what would be done and do nothing of it',
  },
  timeout: {
    type: 'number',
    range: [1, 3600],
    unit: 'seconds',
    group: how,
    placeholder: 'SECONDS',
    default: 30,
    help: 'Wait so long for one answer of the server before the connection counts as lost',
  },
  retries: {
    type: 'integer',
    range: [0, 100],
    unit: 'tries',
    group: how,
    placeholder: 'N',
    default: 3,
    help: 'Try a file again so often after a failure that may pass',
  },
  bwlimit: {
    type: 'parsed',
    parse: parseTimetable,
    rule: TIMETABLE_RULE,
    group: how,
    placeholder: 'RATE',
    defaultText: 'off',
    help: 'Send no more bytes a second over all connections: 512k, 2M, off, or by time of day as in "08:00,512k 19:00,off"',
  },
  'max-commands-per-second': {
    type: 'number',
    range: [0.1, 1000],
    unit: 'commands',
    group: how,
    placeholder: 'N',
    help: 'Send no more commands a second over all connections, for servers that shut fast clients out',
  },
  wait: {
    type: 'number',
    range: [0, 2_147_483],
    unit: 'seconds',
    group: how,
    placeholder: 'SECONDS',
    defaultText: '300 with --once, else without limit',
    help: 'Wait so long for a server that was there and is away, before the cycle is given up',
  },
  'stop-timeout': {
    type: 'number',
    range: [0, 3600],
    unit: 'seconds',
    group: how,
    placeholder: 'SECONDS',
    default: 30,
    help: 'After SIGINT or SIGTERM let what has begun take so long to end, then break it off',
  },
  epsv: {
    type: 'flag',
    group: how,
    default: false,
    help: 'Ask for data connections by EPSV only, and never by PASV where that fails',
  },
  pasv: {
    type: 'flag',
    group: how,
    default: false,
    help: 'Ask for data connections by PASV only; its address is never believed, they go to the host of the site',
  },
  pipeline: {
    type: 'flag',
    group: how,
    default: true,
    help: 'Send commands ahead of the answers to those before, where the server is up to it; without it one at a time',
  },
  'resume-above': {
    type: 'parsed',
    parse: parseByteSize,
    rule: BYTE_SIZE_RULE,
    group: how,
    placeholder: 'SIZE',
    default: 8 * 1024 * 1024,
    defaultText: '8M',
    help: 'Send only what is missing of a file of at least this size after its sending broke off',
  },
  verify: {
    type: 'choice',
    choices: ['size', 'hash'],
    group: how,
    default: 'size',
    help: 'Compare the size of each file that was sent, or its hash as well where the server can tell it',
  },
  'relist-every': {
    type: 'parsed',
    parse: parseDuration,
    rule: DURATION_RULE,
    group: how,
    placeholder: 'TIME',
    default: DAY_MS,
    defaultText: '1d',
    help: 'List the site again so long after the last time, and repair what others changed there: seconds, 30m, 12h, 1d, or never',
  },
  'delete-extra': {
    type: 'flag',
    group: how,
    default: false,
    help: 'Remove also what others have in the far folder and the local one has not, each time the site is listed',
  },
  'state-dir': {
    type: 'text',
    group: how,
    placeholder: 'DIR',
    defaultText: '$XDG_STATE_HOME/filesmirror or what the system has like it',
    help: 'Folder of the journals; must not lie in the local folder',
  },
  'max-delete': {
    type: 'parsed',
    parse: parseDeleteLimit,
    rule: DELETE_LIMIT_RULE,
    group: guards,
    placeholder: 'N|N%',
    default: DEFAULT_DELETE_LIMIT,
    defaultText: '50% when the far folder has more than 20 entries',
    help: 'Stop instead of removing more than so many entries, or such a part of all, in one cycle',
  },
  'allow-empty': {
    type: 'flag',
    group: guards,
    default: false,
    help: 'Mirror a local folder also when it is empty, which removes everything on the far side',
  },
  trash: {
    type: 'parsed',
    parse: parseTrash,
    rule: TRASH_RULE,
    group: guards,
    placeholder: 'DIR',
    help: 'Move files to a folder on the site instead of removing them; relative to the far folder, or absolute',
  },
  'allow-replaced': {
    type: 'flag',
    group: guards,
    default: false,
    help: 'Mirror a local folder, or a disk mounted in it, also when it is another one than before and most files are gone',
  },
  'password-file': {
    type: 'text',
    group: login,
    placeholder: 'FILE',
    help: 'Take the first line of the file as the password',
  },
  'password-command': {
    type: 'text',
    secret: true,
    group: login,
    placeholder: 'COMMAND',
    help: 'Run the command in a shell and take the first line of its output as the password',
  },
  ...tlsOptions,
  'log-file': {
    type: 'text',
    group: told,
    placeholder: 'FILE',
    help: 'Write the log to the file, too; a new one is begun every day',
  },
  'log-keep': { ...logOptions['log-keep'], range: [1, 3650], default: 7 },
  'log-level': logOptions['log-level'],
  'log-format': logOptions['log-format'],
  progress: {
    type: 'flag',
    group: told,
    defaultText: 'on when stderr is a terminal',
    help: 'Show a line that tells how far the cycle is',
  },
  config: {
    type: 'text',
    commandLineOnly: true,
    group: general,
    placeholder: 'FILE',
    help: 'Read options from a JSON file',
  },
  ...generalOptions,
} as const satisfies OptionTable;

/** The checked values of {@link mirrorOptions}. */
export type MirrorOptions = ValuesOf<typeof mirrorOptions>;

function parseFileName(text: string): string | undefined {
  return /^[^/\\\p{Cc}]+$/u.test(text) && text !== '.' && text !== '..' ? text : undefined;
}
