import { isIP } from 'node:net';
import { generalOptions } from '../base/general-options.ts';
import type { OptionTable, ValuesOf } from '../base/option-table.ts';
import { limitOptions } from './limit-options.ts';
import { PORT_RANGE_RULE, parsePortRange } from './passive-ports.ts';
import { serverLogOptions } from './server-log-options.ts';
import { tlsOptions } from './tls-options.ts';

/** What the environment variables of the options begin with. */
export const ENVIRONMENT_PREFIX = 'MINIFTPD_';

const where = 'Where it is';
const data = 'Data connections';
const init = 'With init only';

/** The options of the server; types, checks, `--help` and docs/reference/server-options.md follow from them. */
export const serverOptions = {
  data: {
    type: 'text',
    group: where,
    placeholder: 'DIR',
    help: 'Folder in which all of the server lies: settings, accounts, files of the users, logs',
  },
  listen: {
    type: 'parsed',
    parse: parseAddress,
    rule: 'must be an address of this machine such as 127.0.0.1, 0.0.0.0 for all of IPv4, or :: for all',
    group: where,
    placeholder: 'ADDRESS',
    default: '127.0.0.1',
    help: 'Address to listen on',
  },
  port: {
    type: 'integer',
    range: [0, 65_535],
    group: where,
    placeholder: 'N',
    default: 8808,
    help: 'Port to listen on; 0 for any that is free',
  },
  greeting: {
    type: 'text',
    group: where,
    placeholder: 'TEXT',
    default: 'MiniFTP ready',
    help: 'Text of the first reply',
  },
  'passive-ports': {
    type: 'parsed',
    parse: parsePortRange,
    rule: PORT_RANGE_RULE,
    group: data,
    placeholder: 'FIRST-LAST',
    defaultText: 'any that are free',
    help: 'Ports on which clients are awaited for data connections',
  },
  'external-address': {
    type: 'parsed',
    parse: (text: string) => (isIP(text) === 4 ? text : undefined),
    rule: 'must be an IPv4 address such as 198.51.100.7',
    group: data,
    placeholder: 'ADDRESS',
    help: 'Tell clients from outside of the local networks this address for data connections, where addresses are translated on the way',
  },
  active: {
    type: 'flag',
    group: data,
    default: true,
    help: 'Call clients that ask for it at a port of theirs (PORT, EPRT); only the client itself is called',
  },
  ...tlsOptions,
  ...limitOptions,
  ...serverLogOptions,
  demo: {
    type: 'flag',
    commandLineOnly: true,
    group: init,
    default: false,
    help: 'Make the accounts admin, with the password "password", and zhangsan, with 123: such a server listens on this machine only',
  },
  'admin-password-file': {
    type: 'text',
    commandLineOnly: true,
    group: init,
    placeholder: 'FILE',
    defaultText: 'a random one, shown once',
    help: "Take the first line of the file as the administrator's password",
  },
  ...generalOptions,
} as const satisfies OptionTable;

/** The checked values of {@link serverOptions}. */
export type ServerValues = ValuesOf<typeof serverOptions>;

function parseAddress(text: string): string | undefined {
  if (text === 'localhost') return '127.0.0.1';
  // As it is written in URLs.
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? undefined : bare;
}
