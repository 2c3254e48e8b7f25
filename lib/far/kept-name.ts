import { codeOf } from '../base/coded-error.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { entriesOf } from './list-folder.ts';
import { temporaryName } from './temporary-name.ts';
import type { TransferJob } from './transfer-jobs.ts';

/** What is to be done with a name. */
export interface NameInUse {
  /** Below the far root. */
  readonly path: string;
  readonly use: 'make' | 'remove' | 'look';
  readonly pairId: string;
}

/** Is it a name that servers may take for another one? Only such names are asked about. */
export function isRareName(path: string): boolean {
  return /\p{Cc}|\s$/u.test(path);
}

/**
 * Make sure that a server takes a name with control characters in it, or with blanks at its end, as it is.
 *
 * Some would do what is asked to another entry, and call that a success: there are servers that cut the blanks off, and
 * Pure-FTPd makes an underscore of each control character, and of the blanks where it makes or renames entries. Names of
 * that kind are rare, so that the questions of each time do not count.
 *
 * @throws TransferError E_NAME
 */
export async function assertKeepsName(connection: FtpConnection, { path, use, pairId }: NameInUse): Promise<void> {
  if (!isRareName(path)) return;
  const controls = [...new Set(path.match(/\p{Cc}/gu))].join('');
  const [blanks = ''] = /\s+$/.exec(path) ?? [];
  const cuts = blanks !== '' && done(await connection.ask(`CWD ${connection.absolute('')}${blanks}`));
  const isTried = use === 'make' || (use === 'remove' && controls !== '');
  // Named after the path: another worker may try another one in the same moment.
  const folder = temporaryName(pairId, path, { size: 0, mtimeMs: 0 });
  if (!cuts && (!isTried || (await makesAsAsked(connection, folder, `x${controls}${blanks}`)))) return;
  const what = controls === '' ? 'the blanks at the end' : 'the control characters';
  throw new TransferError('E_NAME', `The server does not keep ${what} of ${JSON.stringify(path)}`);
}

/** Make a folder with another of that name in it, see how that is listed, and remove both. */
async function makesAsAsked(connection: FtpConnection, folder: string, name: string): Promise<boolean> {
  const path = connection.absolute(folder);
  // Refusals do not matter: both may be there since a try that broke off, and the listing says what is.
  for (const made of [path, `${path}/${name}`]) await connection.ask(`MKD ${made}`);
  const names = await namesIn(connection, folder);
  for (const made of names) await connection.ask(`RMD ${path}/${made}`);
  await connection.ask(`RMD ${path}`);
  return names.includes(name);
}

async function namesIn(connection: FtpConnection, folder: string): Promise<readonly string[]> {
  try {
    return (await entriesOf(connection, folder)).map(({ name }) => name);
  } catch (error) {
    if (codeOf(error) === 'E_MISSING') return [];
    throw error;
  }
}

const USES: Readonly<Record<TransferJob['kind'], NameInUse['use']>> = {
  mkdir: 'make',
  upload: 'make',
  rmdir: 'remove',
  remove: 'remove',
  connect: 'look',
  list: 'look',
  survey: 'look',
  download: 'look',
  keepsTimes: 'look',
};

/** What a job wants of the name it is about. */
export function useOf(kind: TransferJob['kind']): NameInUse['use'] {
  return USES[kind];
}
