import { isIP } from 'node:net';
import { generalOptions } from '../base/general-options.ts';
import { logOptions } from '../base/log-options.ts';
import type { OptionTable, ValuesOf } from '../base/option-table.ts';
import { ADDRESSES_RULE, parseAddresses } from './parse-addresses.ts';

/** What the environment variables of the options begin with. */
export const ENVIRONMENT_PREFIX = 'LEFT_';

/** Where a peer listens that says nothing else. */
export const DEFAULT_PORT = 21_700;

const peers = 'The peers';
const folder = 'The folder';
const told = 'What is told';

/** The options of share; types, checks, `--help` and docs/reference/share-options.md follow from them. */
export const shareOptions = {
  ip: {
    type: 'parsed',
    parse: parseAddresses,
    rule: ADDRESSES_RULE,
    group: peers,
    placeholder: 'A[,B...]',
    help: 'The other machines: their addresses, each with a port where it is not the usual one (192.168.1.7:21701, [fd00::7]:21701)',
  },
  encryption: {
    type: 'choice',
    choices: ['yes', 'no'],
    group: peers,
    default: 'yes',
    help: 'Encrypt what goes over the network (TLS 1.3), and know each machine by its certificate; the same on all of them',
  },
  bind: {
    type: 'parsed',
    parse: (text: string) => (isIP(text) === 0 ? undefined : text),
    rule: 'must be an address of this machine such as 192.168.1.5',
    group: peers,
    placeholder: 'ADDRESS',
    defaultText: 'all addresses of this machine',
    help: 'Listen on this address only, and call the others from it',
  },
  port: {
    type: 'integer',
    range: [20_000, 30_000],
    group: peers,
    placeholder: 'N',
    default: DEFAULT_PORT,
    help: 'Port to listen on',
  },
  share: {
    type: 'text',
    group: folder,
    placeholder: 'DIR',
    default: 'share',
    help: 'The folder that is kept equal on all machines; made where it is missing',
  },
  state: {
    type: 'text',
    group: folder,
    placeholder: 'DIR',
    defaultText: '.left beside the share',
    help: 'Folder for what is remembered, for unfinished files, the trash and the log; on the same disk as the share; empty, missing, or that of an earlier start',
  },
  symlinks: {
    type: 'choice',
    choices: ['follow', 'skip'],
    group: folder,
    default: 'follow',
    help: 'Share what symbolic links point to, or leave them out',
  },
  hidden: {
    type: 'flag',
    group: folder,
    default: true,
    help: 'Share files and folders whose names begin with a dot as well',
  },
  'trash-days': {
    type: 'integer',
    range: [1, 3_650],
    unit: 'days',
    group: folder,
    placeholder: 'N',
    default: 7,
    help: 'Keep so long what other machines have deleted or replaced',
  },
  workers: {
    type: 'integer',
    range: [1, 64],
    group: folder,
    placeholder: 'N',
    defaultText: 'one less than there are cores, at least 1',
    help: 'Threads that read files and find out what has changed in them',
  },
  ...logOptions,
  'log-level': { ...logOptions['log-level'], help: 'The least important messages that are still told' },
  json: {
    type: 'flag',
    commandLineOnly: true,
    group: told,
    default: false,
    help: 'With status, conflicts, trash and trust: answer in JSON',
  },
  ...generalOptions,
} as const satisfies OptionTable;

/** The checked values of the options. */
export type ShareValues = ValuesOf<typeof shareOptions>;
