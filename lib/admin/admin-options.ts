import { isAddressBlock } from '../accounts/address-block.ts';
import { BYTE_SIZE_RULE, parseByteSize } from '../base/byte-size.ts';
import { generalOptions } from '../base/general-options.ts';
import type { OptionTable, ValuesOf } from '../base/option-table.ts';
import { wholeNumber } from '../base/plain-number.ts';

/** The variable that names the data folder: the one of the server, since it is the same folder. */
export const DATA_VARIABLE = 'MINIFTPD_DATA';
/** The variable that holds the administrator's password. */
export const PASSWORD_VARIABLE = 'MINIFTP_ADMIN_PASSWORD';

/** How a limit is taken away. */
export const UNLIMITED = 'unlimited';

const where = 'Server and login';
const users = 'Users';
const doing = 'What is done';
const general = 'General';

const rate = {
  type: 'parsed',
  parse: parseAmount,
  rule: `${BYTE_SIZE_RULE}, or ${UNLIMITED}`,
  commandLineOnly: true,
  group: users,
  placeholder: 'BYTES',
} as const;

/** The options of the administrator's tool; types, checks, `--help` and docs/reference/ftp-admin.md follow from them. */
export const adminOptions = {
  data: {
    type: 'text',
    group: where,
    placeholder: 'DIR',
    help: 'Data folder of the server',
  },
  admin: {
    type: 'text',
    commandLineOnly: true,
    group: where,
    placeholder: 'NAME',
    default: 'admin',
    help: 'Name of the administrator',
  },
  'admin-password-file': {
    type: 'text',
    commandLineOnly: true,
    group: where,
    placeholder: 'FILE',
    defaultText: `${PASSWORD_VARIABLE}, or asked for on a terminal`,
    help: "Take the first line of the file as the administrator's password",
  },
  'password-stdin': {
    type: 'flag',
    commandLineOnly: true,
    group: users,
    default: false,
    help: 'Read the new password from the first line of standard input instead of asking for it twice',
  },
  quota: { ...rate, parse: parseQuota, help: 'How much the files of the user may take in all' },
  'read-only': {
    type: 'flag',
    commandLineOnly: true,
    group: users,
    help: 'Let the user list and download only; with --no-read-only also upload, rename and remove',
  },
  disabled: {
    type: 'flag',
    commandLineOnly: true,
    group: users,
    default: false,
    help: 'Register the user, but do not let log in yet',
  },
  sessions: {
    type: 'parsed',
    parse: parseSessions,
    rule: `must be a whole number of at least 1, or ${UNLIMITED}`,
    commandLineOnly: true,
    group: users,
    placeholder: 'N',
    help: 'Sessions at a time',
  },
  'upload-rate': { ...rate, help: 'Bytes a second of all uploads of the user together' },
  'download-rate': { ...rate, help: 'Bytes a second of all downloads of the user together' },
  addresses: {
    type: 'parsed',
    parse: parseAddresses,
    rule: 'must be addresses or blocks such as 192.0.2.7 or 192.0.2.0/24 with commas between them, or any',
    commandLineOnly: true,
    group: users,
    placeholder: 'LIST',
    help: 'Let the user log in from these addresses only',
  },
  purge: {
    type: 'flag',
    commandLineOnly: true,
    group: doing,
    default: false,
    help: 'Remove the files of the user, too; links in the folder are removed, not what they lead to',
  },
  yes: { type: 'flag', alias: 'y', commandLineOnly: true, group: doing, default: false, help: 'Do not ask back' },
  user: {
    type: 'text',
    alias: 'u',
    commandLineOnly: true,
    group: doing,
    placeholder: 'NAME',
    help: 'Only what concerns this user',
  },
  lines: {
    type: 'integer',
    range: [1, 10_000],
    alias: 'n',
    commandLineOnly: true,
    group: doing,
    placeholder: 'N',
    default: 20,
    help: 'Show so many lines, the last ones',
  },
  json: {
    type: 'flag',
    commandLineOnly: true,
    group: general,
    default: false,
    help: 'Write the result as one line of JSON',
  },
  ...generalOptions,
} as const satisfies OptionTable;

/** The checked values of {@link adminOptions}. */
export type AdminValues = ValuesOf<typeof adminOptions>;

export type AdminOptionName = keyof typeof adminOptions;

function parseQuota(text: string): number | typeof UNLIMITED | undefined {
  return text === UNLIMITED ? UNLIMITED : parseByteSize(text);
}

// A rate of nothing would be a transfer without an end.
function parseAmount(text: string): number | typeof UNLIMITED | undefined {
  const amount = parseQuota(text);
  return amount === 0 ? undefined : amount;
}

function parseSessions(text: string): number | typeof UNLIMITED | undefined {
  return text === UNLIMITED ? UNLIMITED : wholeNumber(text, [1, 1_000_000]);
}

function parseAddresses(text: string): readonly string[] | 'any' | undefined {
  if (text === 'any') return 'any';
  const blocks = text.split(',').map((block) => block.trim());
  return blocks.every(isAddressBlock) ? blocks : undefined;
}
