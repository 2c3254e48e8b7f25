import { createHash } from 'node:crypto';
import { nameOf, parentOf } from '../files/directory.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Upload, Uploaded } from '../transfer/transport.ts';
import { replyError } from './far-error.ts';
import { FileSource } from './file-source.ts';
import { done, type FtpConnection, type Reply } from './ftp-connection.ts';
import { findTimeWay, promisedTimeWay, type TimeWay, timeCommand } from './set-time.ts';

/** What one far side has shown of itself so far; kept from upload to upload. */
export interface FarHabits {
  /** How it takes the time of a file; missing until it is known. */
  timeWay?: TimeWay;
  /** It refuses renames: files are written in place. */
  refusesRename?: boolean;
}

/** What {@link sendFile} works with. */
export interface Sending {
  readonly connection: FtpConnection;
  readonly habits: FarHabits;
  /** Goes into temporary names, so that two mirrors on one folder never take each other's. */
  readonly pairId: string;
  /** Told now and then how many bytes have gone. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Send one file: under a temporary name, then renamed over the old one, so that a reader of the site sees the old content
 * or the new one and nothing between; then its time is set and its size compared.
 *
 * @throws TransferError E_CHANGED, E_SOURCE, E_TRUNCATED, or what the server refused; the old file is then still there,
 *   unless the server refuses renames
 */
export async function sendFile(upload: Upload, sending: Sending): Promise<Uploaded> {
  const source = new FileSource(upload.source);
  try {
    return sending.habits.refusesRename
      ? await sendInPlace(upload, source, sending)
      : await sendAndRename(upload, source, sending);
  } finally {
    source.close();
  }
}

/** The name under which a file is sent: short whatever the file's name is, and of this pair, file and version only. */
export function temporaryName(pairId: string, name: string, { size, mtimeMs }: Uploaded): string {
  const version = createHash('sha256').update(`${name}\0${size}\0${mtimeMs}`).digest('hex').slice(0, 16);
  return `.filesmirror-${pairId}-${version}.part`;
}

async function sendAndRename(upload: Upload, source: FileSource, sending: Sending): Promise<Uploaded> {
  const { connection, habits } = sending;
  const folder = connection.absolute(parentOf(upload.path));
  const temporary = `${folder === '/' ? '' : folder}/${temporaryName(sending.pairId, nameOf(upload.path), source)}`;
  const final = connection.absolute(upload.path);
  await store(source, temporary, sending);
  const way = habits.timeWay ?? promisedTimeWay(connection);
  const timing = way && way !== 'none' ? [timeCommand(way, final, source.mtimeMs)] : [];
  const [from, to, ...rest] = await connection.flight([
    `RNFR ${temporary}`,
    `RNTO ${final}`,
    ...timing,
    `SIZE ${final}`,
  ]);
  if (from && to && done(to)) {
    assertSize(final, source, rest.at(-1));
    if (way === undefined) habits.timeWay = await findTimeWay(connection, final, source.mtimeMs);
    return { size: source.size, mtimeMs: source.mtimeMs };
  }
  return renameRefused({ upload, source, sending, temporary, from });
}

interface Refused {
  readonly upload: Upload;
  readonly source: FileSource;
  readonly sending: Sending;
  readonly temporary: string;
  readonly from: Reply | undefined;
}

/** Some servers rename, but not onto an existing file; some do not rename at all. */
async function renameRefused({ upload, source, sending, temporary, from }: Refused): Promise<Uploaded> {
  const { connection, habits } = sending;
  const final = connection.absolute(upload.path);
  if (from?.code === 350) {
    const replies = await connection.flight([`DELE ${final}`, `RNFR ${temporary}`, `RNTO ${final}`]);
    const renamed = replies.at(-1);
    if (renamed && done(renamed)) return finish(final, source, sending);
  }
  habits.refusesRename = true;
  await connection.ask(`DELE ${temporary}`);
  return sendInPlace(upload, source, sending);
}

async function sendInPlace(upload: Upload, source: FileSource, sending: Sending): Promise<Uploaded> {
  const final = sending.connection.absolute(upload.path);
  await store(source, final, sending);
  return finish(final, source, sending);
}

async function finish(final: string, source: FileSource, { connection, habits }: Sending): Promise<Uploaded> {
  assertSize(final, source, await connection.ask(`SIZE ${final}`));
  const way = habits.timeWay ?? promisedTimeWay(connection);
  if (way === undefined) habits.timeWay = await findTimeWay(connection, final, source.mtimeMs);
  else if (way !== 'none') await connection.ask(timeCommand(way, final, source.mtimeMs));
  return { size: source.size, mtimeMs: source.mtimeMs };
}

/** Store the content; what was stored of a source that changed meanwhile, or was refused half-way, is removed again. */
async function store(source: FileSource, path: string, { connection, onBytes }: Sending): Promise<void> {
  try {
    await connection.store(source.stream(), path, onBytes);
    source.assertUnchanged();
  } catch (error) {
    // The first failure is the one to tell, and a connection that broke cannot clean up any more.
    if (!connection.closed) await connection.ask(`DELE ${path}`).catch(() => undefined);
    throw error;
  }
}

function assertSize(path: string, { size }: Uploaded, reply: Reply | undefined): void {
  // A server without SIZE (RFC 3659 section 4) cannot be asked; its 226 is all there is.
  if (!reply || reply.code === 500 || reply.code === 502) return;
  if (!done(reply)) throw replyError(`Cannot tell the size of ${path} after it was sent`, reply);
  const told = Number(/^213 (\d+)/.exec(reply.message)?.[1]);
  if (told === size) return;
  throw new TransferError('E_TRUNCATED', `${path} has ${told} bytes on the site, but ${size} were sent`, {
    retry: true,
  });
}
